import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chmodMode, formatMode, modeSchema, resolveMode } from '../../../src/host/file/mode.ts';

const modes = [
  '0644',
  '755',
  '4711',
  'u=rw,g=r,o=',
  'a+X',
  'go-rwx',
  'u+s,g+s',
  'a=rX',
  'ug+rw,o=g',
  'u=rwx,go=u-w',
  'o+t',
  'g-s',
  'u=',
  'ug=s',
  'a-x+X',
  '+x',
  '+t',
  '+w',
  '-w',
  '-rwx',
  '=rw',
  '=',
  '+s',
  '-t+X',
  'u=rw, g=r,  +x',
  '00644',
  '01777',
];
const befores = [0o000, 0o644, 0o751, 0o6755, 0o1777];

describe('a mode means what chmod makes of it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hostwright-mode-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'directory'));

  for (const mode of modes) {
    it(mode, () => {
      for (const kind of ['file', 'directory']) {
        const path = join(folder, kind);
        for (const before of befores) {
          chmodSync(path, before);
          // chmod keeps the set-id bits of a directory where octal digits do not name them; here
          // digits are the whole mode.
          const said = /^\d/.test(mode) ? `=${mode.padStart(4, '0')}` : mode.replaceAll(' ', '');
          execFileSync('sh', ['-c', 'umask 022; chmod -- "$@"', 'sh', said, path]);
          const wanted = statSync(path).mode & 0o7777;
          assert.equal(
            formatMode(resolveMode(mode, before, kind === 'directory')),
            formatMode(wanted),
            `${kind} from ${formatMode(before)}`,
          );
        }
      }
    });
  }
});

describe('the schema of a mode', () => {
  const form = new RegExp(modeSchema.pattern);

  it('takes what is tested here, and nothing that chmod does not know', () => {
    assert.deepEqual(
      modes.filter(mode => !form.test(mode)),
      [],
    );
    for (const wrong of ['', '64', '0888', '16444', 'x', '+q', 'a', 'u=rw g=r', 'a+x,', '+u']) {
      assert.ok(!form.test(wrong), wrong);
    }
  });

  it('is told to chmod without what would depend on the umask of the host', () => {
    assert.equal(chmodMode('+rw, o=', true), 'a+r,u+w,o=');
    assert.equal(chmodMode('=w', true), 'a=,u+w');
    assert.equal(chmodMode('00644', true), '00644');
  });
});
