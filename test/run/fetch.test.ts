import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { sh } from '../../src/shell/quote.ts';
import { script } from '../../src/shell/script.ts';
import { type EngineOptions, type EngineRun, play, temporaryFolder } from './engine.ts';
import { flagChanging } from './flag-module.ts';

const { path } = temporaryFolder();
const any = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256));

function fetched(more = '', options: EngineOptions = {}, src = 'f', dest = 'kept'): Promise<EngineRun> {
  const args = `{src: ${JSON.stringify(path(src))}, dest: ${JSON.stringify(path(dest))}${more}}`;
  return play(`- hosts: all\n  tasks:\n    - name: it\n      fetch: ${args}\n`, options);
}

function below(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
}

describe('fetch', () => {
  it('predicts, brings any bytes, is ok, and fixes what was disturbed', async () => {
    const src = path('a "b" $x');
    writeFileSync(src, any, { mode: 0o644 });
    const goal = path(`kept/h1${src}`);
    const checked = await fetched('', { check: true }, 'a "b" $x');
    assert.deepEqual([checked.result('it').status, existsSync(path('kept'))], ['changed', false]);
    for (const disturb of [() => undefined, () => writeFileSync(goal, 'other')]) {
      disturb();
      const { result } = await fetched('', {}, 'a "b" $x');
      assert.equal(result('it').status, 'changed', result('it').message);
      assert.equal(result('it').fields.dest, goal);
      assert.deepEqual(readFileSync(goal), any);
      assert.equal(statSync(goal).mode & 0o777, 0o600);
      assert.deepEqual(
        below(path('kept')).filter(name => name.includes('hostwright')),
        [],
      );
      assert.equal((await fetched('', {}, 'a "b" $x')).result('it').status, 'ok');
    }
  });

  it('gives each host a place of its own, and none outside of dest', async () => {
    writeFileSync(path('f'), 'x\n');
    const inventory = [path('hosts.yml')];
    writeFileSync(inventory[0]!, 'all:\n  hosts:\n    h1: {}\n    "..": {}\n    ../../h2: {}\n');
    const { results } = await fetched('', { inventory });
    for (const result of Object.values(results('it'))) assert.equal(result.status, 'changed', result.message);
    assert.deepEqual(readdirSync(path('kept')).toSorted(), ['.._.._h2', '_', 'h1']);
  });

  it('brings an empty file, and one of many pieces, flat', async () => {
    for (const content of [Buffer.alloc(0), Buffer.concat(Array.from({ length: 100 }, () => any))]) {
      writeFileSync(path('f'), content);
      const { result } = await fetched(', flat: true', {}, 'f', 'kept/');
      assert.equal(result('it').status, 'changed', result('it').message);
      assert.ok(readFileSync(path('kept/f')).equals(content));
    }
  });

  it('refuses what is missing, and does without where it may', async () => {
    assert.match((await fetched('', {}, 'none')).result('it').message, /none does not exist/);
    assert.equal((await fetched(', fail_on_missing: false', {}, 'none')).result('it').status, 'ok');
    assert.equal(existsSync(path('kept')), false);
  });

  it('brings a file that is always being written if it need not prove it, and several files in a run', async () => {
    writeFileSync(path('log'), 'one\n');
    const args = `src: ${path('log')}, flat: true, validate_checksum: false`;
    const tasks = ['a', 'b'].map(name => `    - name: ${name}\n      fetch: {${args}, dest: ${path(name)}}\n`);
    const { result } = await play(`- hosts: all\n  tasks:\n${tasks.join('')}`);
    for (const name of ['a', 'b']) {
      assert.equal(result(name).status, 'changed', result(name).message);
      assert.equal(readFileSync(path(name), 'utf8'), 'one\n');
    }
  });

  it('says what is in its way on the controller', async () => {
    writeFileSync(path('f'), 'x');
    mkdirSync(path('kept'));
    assert.match(
      (await fetched(', flat: true')).result('it').message,
      /kept on the controller is there, and is not a file/,
    );
    writeFileSync(path('kept/h1'), 'a file');
    assert.match(
      (await fetched()).result('it').message,
      /on the controller could not be written: ENOTDIR|cannot be read/,
    );
  });
});

describe('a change that fetches', () => {
  const fetching = (sha256?: string, to = path('to')): EngineOptions => ({
    modules: [
      flagChanging('fetching', ({ path: file }) => ({
        apply: script({ write: sh`printf new >${file}` }),
        fetches: [{ from: path('from'), to, most: 1000, ...(sha256 !== undefined && { sha256 }) }],
      })),
    ],
  });
  const run = (options: EngineOptions) =>
    play(`- hosts: all\n  tasks:\n    - name: it\n      fetching: {path: ${path('f')}, value: new}\n`, options);

  it('fails where other bytes come than those that were meant, and leaves the goal alone', async () => {
    writeFileSync(path('from'), 'other');
    writeFileSync(path('to'), 'old');
    const { result } = await run(fetching('0'.repeat(64)));
    assert.deepEqual([result('it').status, result('it').changed], ['failed', true]);
    assert.match(result('it').message, /does not match the hash of the original/);
    assert.equal(readFileSync(path('to'), 'utf8'), 'old');
    assert.deepEqual(below(path('')), ['f', 'from', 'to']);
  });

  it('fails where the host cannot read the file, in its words', async () => {
    const { result } = await run(fetching());
    assert.match(result('it').message, /from on this machine could not be read: .*No such file/s);
    assert.equal(existsSync(path('to')), false);
  });

  it('fails where the controller cannot write', async () => {
    writeFileSync(path('from'), 'x');
    writeFileSync(path('file'), 'where a folder would have to be');
    const { result } = await run(fetching(undefined, path('file/below')));
    assert.match(result('it').message, /on the controller could not be written: EEXIST/);
  });
});
