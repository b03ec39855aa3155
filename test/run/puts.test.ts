import assert from 'node:assert/strict';
import { chmodSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { sh } from '../../src/shell/quote.ts';
import { script } from '../../src/shell/script.ts';
import { play, temporaryFolder } from './engine.ts';
import { flagChanging } from './flag-module.ts';

const { path } = temporaryFolder();

/**
 * A change that puts a content of this size ahead of itself, notes the mode it finds it with, and
 * uses it.
 */
function putting(size: number) {
  return flagChanging('putting', ({ path: file, value }) => ({
    puts: [{ to: `${file}.part`, content: 'y'.repeat(size) }],
    apply: script({
      note: sh`stat -c %a ${`${file}.part`} >${`${file}.mode`}`,
      move: sh`mv -f ${`${file}.part`} ${`${file}.got`}; printf %s ${value} >${file}`,
    }),
  }));
}

function run(size: number) {
  const text = `- hosts: all\n  tasks:\n    - {name: it, putting: {path: ${path('f')}, value: new}}\n`;
  return play(text, { modules: [putting(size)] });
}

// The small one travels in the script, the large one over a channel of its own.
for (const size of [10, 70_000]) {
  describe(`a content of ${size} bytes that is put ahead of a change`, () => {
    const { PATH } = process.env;
    let mask: number;
    beforeEach(() => {
      mask = process.umask(0o022);
      writeFileSync(path('victim'), 'of another user');
    });
    afterEach(() => {
      process.umask(mask);
      process.env.PATH = PATH;
    });

    it('is for the eyes of its user only, whatever the umask of the login is', async () => {
      assert.equal((await run(size)).result('it').status, 'changed');
      assert.equal(readFileSync(path('f.mode'), 'utf8'), '600\n');
    });

    it('is not written through a link that waits at its path', async () => {
      symlinkSync(path('victim'), path('f.part'));
      assert.equal((await run(size)).result('it').status, 'changed');
      assert.equal(readFileSync(path('victim'), 'utf8'), 'of another user');
      assert.ok(lstatSync(path('f.got')).isFile());
      assert.equal(readFileSync(path('f.got'), 'utf8').length, size);
    });

    it('is not written through a link that comes between the look and the write', async () => {
      mkdirSync(path('bin'));
      writeFileSync(path('bin/rm'), linkAgain(path('victim')));
      chmodSync(path('bin/rm'), 0o755);
      process.env.PATH = `${path('bin')}:${PATH}`;
      assert.equal((await run(size)).result('it').status, 'failed');
      assert.ok(lstatSync(path('f.part')).isSymbolicLink(), 'the link was made');
      assert.equal(readFileSync(path('victim'), 'utf8'), 'of another user');
    });
  });
}

/** An `rm` after which somebody is quicker than the write. */
function linkAgain(victim: string): string {
  return `#!/bin/sh
/bin/rm "$@"
for last; do :; done
case $last in *.part) ln -s '${victim}' "$last" ;; esac
`;
}
