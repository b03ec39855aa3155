import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { mutationsOf } from '../../scripts/mutate/enumerate.ts';
import { outdated, readEquivalents } from '../../scripts/mutate/equivalent.ts';
import { type Job, mutate } from '../../scripts/mutate/mutate.ts';
import { countsOf, tableText } from '../../scripts/mutate/report.ts';

const source = `export function fits(size: number, limit: number): boolean {
  return size <= limit;
}

export function never(): boolean {
  return true;
}
`;

/** A project with one source file, and a test that asserts `assertions`. */
function makeProject(assertions: string): string {
  const root = mkdtempSync(join(tmpdir(), 'hw-sample-'));
  const test = `import assert from 'node:assert/strict';
import { fits } from '../src/fits.ts';
describe('fits', () => it('works', () => { ${assertions} }));
`;
  const settings = { 'package.json': '{ "type": "module" }', '.mocharc.json': '{ "timeout": 100000 }' };
  const files = { ...settings, 'src/fits.ts': source, 'test/fits.test.ts': test };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(realpathSync('node_modules/mocha'), join(root, 'node_modules/mocha'));
  return root;
}

function fail(test: string): never {
  assert.fail(`${test} fails without a mutation`);
}

async function tryOn(root: string, more: Partial<Job> = {}) {
  try {
    return await mutate({
      ...{ root, mutations: mutationsOf('src/fits.ts', source), equivalents: [] },
      ...{ tests: [{ file: 'test/fits.test.ts' }], jobs: 1, most: 60, fresh: false },
      ...{ signal: new AbortController().signal, ...more },
      teller: { progress: () => ({ next() {}, end() {} }), missed() {}, leftOut: fail },
    });
  } finally {
    rmSync(root, { recursive: true });
  }
}

describe('mutations', function () {
  this.timeout(60_000);

  it('are noticed by a test that tries the limit', async () => {
    const [comparison] = await tryOn(makeProject('assert.ok(fits(2, 2)); assert.ok(!fits(3, 2));'));
    assert.equal(comparison?.mutation.kind, 'comparison');
    assert.deepEqual(comparison?.verdict, { ran: ['test/fits.test.ts'], of: 1, noticedBy: 'test/fits.test.ts' });
  });

  it('are missed by a test that does not, and by all where nothing is executed', async () => {
    const results = await tryOn(makeProject('assert.ok(fits(1, 2));'));
    assert.deepEqual(
      results.map(({ mutation, verdict }) => [mutation.kind, verdict]),
      [
        ['comparison', { ran: ['test/fits.test.ts'], of: 1 }],
        ['the other boolean', { ran: [], of: 0 }],
      ],
    );
    const counts = { mutations: 2, noticed: 0, missed: 2, equivalent: 0, percent: 0 };
    assert.deepEqual(countsOf(results), counts);
    assert.match(tableText(results), /^src +2 +0 +2 +0 +0\n/m);
  });

  it('are not tried where they are listed as equivalent', async () => {
    const row = { file: 'src/fits.ts', line: 'return true;', becomes: 'return false;', reason: 'a sample' };
    const results = await tryOn(makeProject('assert.ok(fits(2, 2));'), { equivalents: [row] });
    const counts = { mutations: 2, noticed: 1, missed: 0, equivalent: 1, percent: 100 };
    assert.deepEqual(countsOf(results), counts);
  });

  it('leave no test running when they are broken off', async () => {
    const beats = join(mkdtempSync(join(tmpdir(), 'hw-beats-')), 'beats');
    const beat = `setInterval(() => fs.appendFileSync('${beats}', '.'), 20); return new Promise(() => {});`;
    const stop = new AbortController();
    const end = tryOn(makeProject(`const fs = process.getBuiltinModule('fs'); ${beat}`), { signal: stop.signal });
    const ended = assert.rejects(end, { name: 'AbortError' });
    while (!existsSync(beats)) await setTimeout(20);
    stop.abort();
    await ended;
    const { size } = statSync(beats);
    await setTimeout(200);
    assert.equal(statSync(beats).size, size);
    rmSync(dirname(beats), { recursive: true });
  });
});

describe('test/mutations.yml', () => {
  it('names mutations that there are, each with a reason', () => {
    const list = readEquivalents('.');
    assert.deepEqual(outdated('.', list), []);
    assert.deepEqual(
      list.filter(({ reason }) => !reason),
      [],
    );
  });

  it('would not keep a mutation that is gone', () => {
    const [mutation] = mutationsOf('src/shell/quote.ts', 'const a = !b;');
    const row = { file: 'src/shell/quote.ts', line: mutation!.before, becomes: mutation!.after, reason: 'none' };
    assert.deepEqual(outdated('.', [row]), [row]);
  });
});
