import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copy } from '../../src/modules/copy/copy.ts';
import { file } from '../../src/modules/file/file.ts';
import type { AnyModule } from '../../src/modules/module.ts';
import { check, run } from './converge.ts';
import { eachShell } from './timeline.ts';

/** What is asked for, and what keeps it from being done. */
const rows: readonly (readonly [string, AnyModule, object, string])[] = [
  ['a file that is removed', file, { path: 'd/f', state: 'absent' }, 'd/f'],
  ['the directory of a file that is removed', file, { path: 'd/f', state: 'absent' }, 'd'],
  ['the directory of a directory that is removed', file, { path: 'd/e', state: 'absent' }, 'd'],
  ['the directory of a new file', copy, { dest: 'd/new', content: 'x' }, 'd'],
  ['the directory of a new file, which others may write', copy, { dest: 'w/new', content: 'x' }, 'w'],
  ['the directory of a new directory', file, { path: 'd/new', state: 'directory' }, 'd'],
  ['the directory of a new directory with an owner', file, { path: 'd/new', state: 'directory', owner: '1' }, 'd'],
  ['the directory of a new link', file, { path: 'd/new', state: 'link', src: 'f' }, 'd'],
  ['the directory of a new link with an owner', file, { path: 'd/new', state: 'link', src: 'f', owner: '1' }, 'd'],
  ['a file that becomes a link', file, { path: 'd/f', state: 'link', src: 'e', force: true }, 'd/f'],
  [
    'a file that becomes a link with an owner',
    file,
    { path: 'd/f', state: 'link', src: 'e', force: true, owner: '1' },
    'd/f',
  ],
  ['the directory of a new hard link', file, { path: 'd/new', state: 'hard', src: 'w/g' }, 'd'],
];

describe('what is immutable', function () {
  this.timeout(120_000);
  before(function () {
    if (process.getuid?.() !== 0) this.skip();
  });

  for (const [what, module, given, stuck] of rows) {
    eachShell(`is named, with what to do: ${what}`, (host, at) => {
      for (const folder of ['d', 'd/e', 'w']) mkdirSync(join(at, folder), { recursive: true });
      for (const name of ['d/f', 'w/g']) writeFileSync(join(at, name), '');
      spawnSync('chmod', ['0777', join(at, 'w')]);
      const args = Object.fromEntries(
        Object.entries(given).map(([key, value]) => [key, /^[dw]\//.test(String(value)) ? join(at, value) : value]),
      );
      const decision = check(host, module, args);
      assert.equal(decision.kind, 'change', JSON.stringify(decision));
      const chattr = (sign: string) => spawnSync('chattr', [sign, join(at, stuck)]).status;
      assert.equal(chattr('+i'), 0);
      try {
        const answer = decision.kind === 'change' ? run(host, decision.apply) : {};
        const said = Object.values(answer).find(({ code }) => code !== 0)?.stderr ?? '';
        assert.match(
          said,
          new RegExp(`^${join(at, stuck)} is immutable or append-only \\(lsattr: \\S+\\): chattr -i -a`),
        );
        assert.deepEqual(readdirSync(join(at, 'd')).toSorted(), ['e', 'f']);
      } finally {
        chattr('-i');
      }
    });
  }
});
