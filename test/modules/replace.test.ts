import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { replace } from '../../src/modules/replace/replace.ts';
import { check, converge } from './converge.ts';
import { eachShell, timeline } from './timeline.ts';

describe('replace, on this machine', function () {
  this.timeout(60_000);
  timeline('replaces in a window, through a link', {
    module: replace,
    args: at => ({
      path: join(at, 'link'),
      regexp: '^port=.*$',
      replace: "port='$(id)' \\\\ %s",
      after: '^\\[b\\]',
      validate: 'grep -q port= %s',
    }),
    before: at => {
      writeFileSync(join(at, 'real'), '[a]\r\nport=1\r\n[b]\r\nport=2\r\nä');
      chmodSync(join(at, 'real'), 0o640);
      symlinkSync('real', join(at, 'link'));
    },
    proof: at => {
      assert.equal(readFileSync(join(at, 'real'), 'utf8'), "[a]\r\nport=1\r\n[b]\r\nport='$(id)' \\ %s\r\nä");
      assert.equal(statSync(join(at, 'real')).mode & 0o777, 0o640);
    },
    disturb: at => writeFileSync(join(at, 'real'), '[a]\r\nport=1\r\n[b]\r\nport=3\r\nä'),
  });

  timeline('removes lines, and keeps a backup', {
    module: replace,
    args: at => ({ path: join(at, 'hosts'), regexp: '^.*\\bold\\b.*\\n', backup: true, mode: '0600' }),
    before: at => writeFileSync(join(at, 'hosts'), '10.0.0.1 old\n10.0.0.2 new\n10.0.0.3 old\n'),
    proof: at => {
      assert.equal(readFileSync(join(at, 'hosts'), 'utf8'), '10.0.0.2 new\n');
      assert.equal(statSync(join(at, 'hosts')).mode & 0o777, 0o600);
      const backup = readdirSync(at).find(name => name.endsWith('~'));
      assert.match(readFileSync(join(at, backup!), 'utf8'), /old\n/);
    },
    disturb: at => writeFileSync(join(at, 'hosts'), 'old\n10.0.0.2 new\n'),
  });

  eachShell('changes nothing where a run would never be the last', (host, at) => {
    const path = join(at, 'conf');
    writeFileSync(path, 'a\n');
    const decision = converge(host, replace, { path, regexp: 'a', replace: 'aa' });
    assert.equal(decision.kind, 'refuse');
    assert.equal(readFileSync(path, 'utf8'), 'a\n');
  });

  eachShell('does not take a missing file for one without a match', (host, at) => {
    assert.match(JSON.stringify(check(host, replace, { path: join(at, 'none'), regexp: 'a' })), /does not exist/);
    writeFileSync(join(at, 'latin1'), Buffer.from([0xe4, 0x0a]));
    assert.match(JSON.stringify(check(host, replace, { path: join(at, 'latin1'), regexp: 'a' })), /is not UTF-8 text/);
  });
});
