import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { iniFile } from '../../src/modules/ini_file/ini_file.ts';
import { check, converge } from './converge.ts';
import { eachShell, timeline } from './timeline.ts';

describe('ini_file, on this machine', () => {
  timeline('owns an option through a link, and nothing else', {
    module: iniFile,
    args: at => ({ path: join(at, 'link'), section: 'b', option: 'x y', value: "'$(id)' \\0 %s" }),
    before: at => {
      writeFileSync(join(at, 'real'), '; ä\r\n[a]\r\nx y = 1\r\n[b]\r\n\tx y=2\r\nz');
      chmodSync(join(at, 'real'), 0o640);
      symlinkSync('real', join(at, 'link'));
    },
    proof: at => {
      const wanted = "; ä\r\n[a]\r\nx y = 1\r\n[b]\r\n\tx y='$(id)' \\0 %s\r\nz";
      assert.equal(readFileSync(join(at, 'real'), 'utf8'), wanted);
      assert.equal(statSync(join(at, 'real')).mode & 0o777, 0o640);
    },
    disturb: at => writeFileSync(join(at, 'real'), '; ä\r\n[a]\r\nx y = 1\r\n[b]\r\n\tx y=3\r\nz'),
  });

  timeline('makes a file that git can read', {
    module: iniFile,
    args: at => ({
      path: join(at, '-new'),
      section: 'remote "origin"',
      option: 'fetch',
      values: ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'],
      mode: '0600',
    }),
    proof: at => {
      const git = spawnSync('git', ['config', '--file', join(at, '-new'), '--get-all', 'remote.origin.fetch']);
      const wanted = '+refs/heads/*:refs/remotes/origin/*\n+refs/tags/*:refs/tags/*\n';
      if (!git.error) assert.equal(git.stdout.toString(), wanted);
      assert.equal(statSync(join(at, '-new')).mode & 0o777, 0o600);
    },
    disturb: at => writeFileSync(join(at, '-new'), '[remote "origin"]\nfetch = x\n'),
  });

  timeline('removes a section, and keeps a backup', {
    module: iniFile,
    args: at => ({ path: join(at, 'conf'), section: 'b', state: 'absent', backup: true }),
    before: at => writeFileSync(join(at, 'conf'), 'x = 1\n[b]\ny = 2\n# on c\n[c]\n'),
    proof: at => {
      assert.equal(readFileSync(join(at, 'conf'), 'utf8'), 'x = 1\n# on c\n[c]\n');
      assert.ok(readdirSync(at).some(name => name.endsWith('~')));
    },
    disturb: at => writeFileSync(join(at, 'conf'), 'x = 1\n# on c\n[c]\n[b]\n'),
  });

  eachShell('a candidate that is not valid changes nothing', (host, at) => {
    const args = { path: join(at, 'conf'), section: 's', option: 'a', value: 1, validate: 'grep -q b %s' };
    assert.throws(() => check(host, iniFile, args), /rehearse: validate left with 1/);
    assert.throws(() => converge(host, iniFile, args), /rehearse/);
    assert.equal(existsSync(join(at, 'conf')), false);
  });

  eachShell('refuses what it cannot write back as it was', (host, at) => {
    const path = join(at, 'latin1');
    writeFileSync(path, Buffer.from([0xe4, 0x0a]));
    assert.match(JSON.stringify(check(host, iniFile, { path, option: 'a', value: 1 })), /is not UTF-8 text/);
    writeFileSync(path, 'a = 1 \\\n 2\n');
    assert.match(JSON.stringify(check(host, iniFile, { path, option: 'a', value: 1 })), /goes on in the next line/);
  });
});
