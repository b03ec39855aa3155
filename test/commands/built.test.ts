import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '../..');

describe('an installed Hostwright', function () {
  this.timeout(30_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hw-built-'));
    for (const name of ['bin', 'package.json', 'roles', 'templates'])
      cpSync(join(repository, name), join(folder, name), { recursive: true });
    symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
    const built = spawnSync(process.execPath, [join(repository, 'scripts/build.ts'), folder], { encoding: 'utf8' });
    assert.equal(built.status, 0, built.stderr);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function run(...words: readonly string[]) {
    return spawnSync(process.execPath, [join(folder, 'bin/hostwright.js'), ...words], {
      cwd: folder,
      encoding: 'utf8',
    });
  }

  it('is one file, with the licenses of what is in it, and has no sources', () => {
    assert.deepEqual(readdirSync(join(folder, 'dist')).toSorted(), ['LICENSES.txt', 'cli.js']);
    const licenses = readFileSync(join(folder, 'dist/LICENSES.txt'), 'utf8');
    for (const name of ['ajv', 'commander', 'yaml']) assert.match(licenses, new RegExp(`^${name}\n\n.*opyright`, 'ms'));
    assert.ok(!existsSync(join(folder, 'src')));
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
