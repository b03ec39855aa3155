import assert from 'node:assert/strict';
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blockinfile } from '../../src/modules/blockinfile/blockinfile.ts';
import { lineinfile } from '../../src/modules/lineinfile/lineinfile.ts';
import { check } from './converge.ts';
import { eachShell, timeline } from './timeline.ts';

describe('lineinfile and blockinfile, on this machine', () => {
  timeline('owns a line through a link', {
    module: lineinfile,
    args: at => ({ path: join(at, 'link'), regexp: '^#?X=', line: `X='$(id)' \\ "%s"` }),
    before: at => {
      writeFileSync(join(at, 'real'), 'ä\r\n#X=1\nlast');
      chmodSync(join(at, 'real'), 0o640);
      symlinkSync('real', join(at, 'link'));
    },
    proof: at => {
      assert.equal(readFileSync(join(at, 'real'), 'utf8'), `ä\r\nX='$(id)' \\ "%s"\nlast`);
      assert.equal(statSync(join(at, 'real')).mode & 0o777, 0o640);
    },
    disturb: at => writeFileSync(join(at, 'real'), 'ä\r\nX=2\nlast'),
  });

  timeline('makes a file where it may', {
    module: lineinfile,
    args: at => ({ path: join(at, '-new'), line: '-n', create: true, mode: '0600' }),
    proof: at => assert.equal(readFileSync(join(at, '-new'), 'utf8'), '-n\n'),
    disturb: at => chmodSync(join(at, '-new'), 0o644),
  });

  timeline('owns a block', {
    module: blockinfile,
    args: at => ({ path: join(at, 'hosts'), block: '10.0.0.1 a\n10.0.0.2 b\n', validate: 'grep -c a %s' }),
    before: at => writeFileSync(join(at, 'hosts'), '127.0.0.1 localhost\n'),
    proof: at =>
      assert.equal(
        readFileSync(join(at, 'hosts'), 'utf8'),
        '127.0.0.1 localhost\n# BEGIN HOSTWRIGHT MANAGED BLOCK\n10.0.0.1 a\n10.0.0.2 b\n# END HOSTWRIGHT MANAGED BLOCK\n',
      ),
    disturb: at =>
      writeFileSync(join(at, 'hosts'), readFileSync(join(at, 'hosts'), 'utf8').replace('10.0.0.2 b', '10.0.0.3 c')),
  });

  eachShell('refuses what it cannot write back as it was', (host, at) => {
    const path = join(at, 'latin1');
    writeFileSync(path, Buffer.from([0xe4, 0x0a]));
    assert.match(JSON.stringify(check(host, lineinfile, { path, line: 'x' })), /is not UTF-8 text/);
    writeFileSync(path, 'x'.repeat(1024 * 1024 + 1));
    assert.match(JSON.stringify(check(host, lineinfile, { path, line: 'x' })), /files up to 1 MiB are edited/);
    assert.match(JSON.stringify(check(host, lineinfile, { path: join(at, 'none'), line: 'x' })), /does not exist/);
    assert.equal(check(host, lineinfile, { path: join(at, 'none'), line: 'x', state: 'absent' }).kind, 'ok');
  });
});
