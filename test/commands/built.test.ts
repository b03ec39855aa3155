import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildProgram } from '../../scripts/program.ts';

describe('an installed Hostwright', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hw-built-'));
    buildProgram(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function run(...words: readonly string[]) {
    return spawnSync(process.execPath, [join(folder, 'bin/hostwright.js'), ...words], {
      cwd: folder,
      encoding: 'utf8',
    });
  }

  it('is one file, with the licenses of what is in it, and has no sources', () => {
    assert.deepEqual(readdirSync(join(folder, 'dist')).toSorted(), ['LICENSES.txt', 'cli.js', 'hostwright.1']);
    const licenses = readFileSync(join(folder, 'dist/LICENSES.txt'), 'utf8');
    for (const name of ['ajv', 'commander', 'yaml']) assert.match(licenses, new RegExp(`^${name}\n\n.*opyright`, 'ms'));
    assert.ok(!existsSync(join(folder, 'src')));
  });

  it('has a page of the manual with every command, option and variable, which man and mandoc take without a warning', () => {
    const page = join(folder, 'dist/hostwright.1');
    const lint = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', page], { encoding: 'utf8' });
    assert.equal(lint.status, 0, lint.stdout + lint.stderr);
    const env = { ...process.env, MANWIDTH: '200', LC_ALL: 'C.UTF-8' };
    const shown = spawnSync('man', ['--warnings', '-l', page], { encoding: 'utf8', env });
    assert.equal(shown.stderr, '');
    for (const command of ['play', 'roles install', 'completion'])
      assert.match(shown.stdout, new RegExp(`^ +hostwright ${command}$`, 'm'));
    for (const text of ['-f, --forks <number>', 'HOSTWRIGHT_FORKS', 'hostwright play site.yml -i inventory.yml'])
      assert.ok(shown.stdout.includes(text), text);
    assert.ok(shown.stdout.includes(`"hello\\n"`), 'a backslash stays');
    assert.doesNotMatch(shown.stdout, /__complete/);
  });

  it('says its version, and finds the roles that ship', () => {
    assert.match(run('--version').stdout, /^\d+\.\d+\.\d+\n$/);
    const doc = run('doc', 'lvm-pool');
    assert.match(doc.stdout, /devices/, doc.stderr);
  });

  it('runs tasks, and refuses what is wrong as a clone does', () => {
    const ran = run('run', 'localhost', 'command', 'echo built');
    assert.equal(ran.status, 0, ran.stderr);
    assert.match(ran.stdout, /built/);
    assert.equal(run('run', 'localhost', 'no_such_module').status, 5);
  });
});
