import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type EngineOptions, type EngineRun, play, temporaryFolder } from './engine.ts';

const { path } = temporaryFolder();

function unpack(options: EngineOptions = {}): Promise<EngineRun> {
  const args = `{src: ${path('a b.tgz')}, dest: ${path('out')}, creates: ${path('out/f')}, mode: u=rwX}`;
  return play(`- hosts: all\n  tasks:\n    - name: it\n      unarchive: ${args}\n`, options);
}

describe('an archive of the controller', () => {
  it('is unpacked where what it creates is absent, and leaves no part behind', async () => {
    mkdirSync(path('out'));
    writeFileSync(path('f'), 'x'.repeat(100_000));
    execFileSync('tar', ['-czf', path('a b.tgz'), '-C', path(''), 'f']);
    assert.equal((await unpack({ check: true })).result('it').status, 'changed');
    assert.deepEqual(readdirSync(path('out')), []);
    for (let run = 0; run < 2; run += 1) {
      const { result } = await unpack();
      assert.equal(result('it').status, 'changed', result('it').message);
      assert.deepEqual(readdirSync(path('out')), ['f']);
      assert.equal(readFileSync(path('out/f'), 'utf8').length, 100_000);
      assert.equal((await unpack()).result('it').status, 'ok');
      rmSync(path('out/f'));
    }
  });

  it('is not unpacked where a member would land outside', async () => {
    mkdirSync(path('out'));
    writeFileSync(path('up'), 'x');
    execFileSync('tar', ['-P', '-czf', path('a b.tgz'), '../up'], { cwd: path('out') });
    rmSync(path('up'));
    const { result } = await unpack();
    assert.match(result('it').message, /\.\.\/up\n.*would land outside of the directory: nothing was unpacked/s);
    assert.deepEqual([readdirSync(path('out')), existsSync(path('up'))], [[], false]);
  });
});
