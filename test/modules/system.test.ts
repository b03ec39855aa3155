import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mount } from '../../src/modules/mount/mount.ts';
import { sysctl } from '../../src/modules/sysctl/sysctl.ts';
import { waitFor } from '../../src/modules/wait_for/wait_for.ts';
import { check, converge } from './converge.ts';
import { eachShell, timeline } from './timeline.ts';

const swappiness = '/proc/sys/vm/swappiness';
const live = readFileSync(swappiness, 'utf8').trim();

describe('sysctl, on this machine', () => {
  timeline('stores a key', {
    module: sysctl,
    args: at => ({ name: 'vm.swappiness', value: Number(live), sysctl_file: join(at, 'zz.conf') }),
    before: at =>
      writeFileSync(join(at, 'zz.conf'), '# mine\nvm/swappiness=999\nvm.dirty_ratio = 5\nvm.swappiness = 998'),
    proof: at =>
      assert.equal(readFileSync(join(at, 'zz.conf'), 'utf8'), `# mine\nvm.dirty_ratio = 5\nvm.swappiness = ${live}`),
    disturb: at => writeFileSync(join(at, 'zz.conf'), '# mine\nvm.dirty_ratio = 5\nvm.swappiness = 1000'),
  });

  timeline('forgets a key', {
    module: sysctl,
    args: at => ({ name: 'vm.swappiness', state: 'absent', sysctl_file: join(at, 'zz.conf') }),
    before: at => writeFileSync(join(at, 'zz.conf'), 'vm.swappiness = 1\nvm.dirty_ratio = 5\n'),
    proof: at => assert.equal(readFileSync(join(at, 'zz.conf'), 'utf8'), 'vm.dirty_ratio = 5\n'),
  });

  eachShell('says that only the live value differs, and knows no key that is none', (host, at) => {
    const sysctl_file = join(at, 'zz.conf');
    writeFileSync(sysctl_file, 'vm.swappiness = 7\n');
    const decision = check(host, sysctl, { name: 'vm.swappiness', value: '7', sysctl_file });
    assert.equal(decision.kind === 'change' && decision.reason, 'live value differs');
    assert.match(JSON.stringify(check(host, sysctl, { name: 'vm.none', value: 7, sysctl_file })), /has no key vm.none/);
  });
});

const mounts = spawnSync('unshare', ['-m', 'true']).status === 0;

(mounts ? describe : describe.skip)('mount, on this machine', () => {
  timeline('mounts and stores', {
    module: mount,
    args: at => ({
      path: join(at, 'a b/c'),
      src: 'none',
      fstype: 'tmpfs',
      opts: 'size=4M,mode=0710,nodev,nofail',
      state: 'mounted',
      fstab: join(at, 'fstab'),
    }),
    before: at => writeFileSync(join(at, 'fstab'), '# mine\nUUID=1 / ext4 defaults 0 1'),
    proof: at => {
      const point = join(at, 'a b/c').replaceAll(' ', '\\040');
      assert.equal(
        readFileSync(join(at, 'fstab'), 'utf8'),
        `# mine\nUUID=1 / ext4 defaults 0 1\nnone ${point} tmpfs size=4M,mode=0710,nodev,nofail 0 0\n`,
      );
      assert.match(readFileSync('/proc/self/mounts', 'utf8'), /a\\040b\/c tmpfs .*nodev.*size=4096k,mode=710/);
    },
    disturb: at => {
      writeFileSync(join(at, 'fstab'), '# mine\nUUID=1 / ext4 defaults 0 1\n');
      spawnSync('mount', ['-o', 'remount,size=8M', join(at, 'a b/c')]);
    },
    after: at => spawnSync('umount', [join(at, 'a b/c')]),
  });

  timeline('unmounts and forgets', {
    module: mount,
    args: at => ({ path: `${at}/m/`, state: 'absent', fstab: join(at, 'fstab') }),
    before: at => {
      spawnSync('mkdir', [join(at, 'm')]);
      spawnSync('mount', ['-t', 'tmpfs', 'none', join(at, 'm')]);
      writeFileSync(join(at, 'fstab'), '');
    },
    proof: at => assert.ok(!readFileSync('/proc/self/mounts', 'utf8').includes(`${at.replaceAll(' ', '\\040')}/m `)),
  });

  eachShell('refuses a mount point where something else is mounted', (host, at) => {
    writeFileSync(join(at, 'fstab'), '');
    const args = { path: '/proc', src: '/dev/sdz1', fstype: 'ext4', state: 'mounted', fstab: join(at, 'fstab') };
    assert.match(JSON.stringify(check(host, mount, args)), /has proc from proc mounted, not ext4/);
  });
});

describe('wait_for, on this machine', () => {
  eachShell('waits until a file holds a text', (host, at) => {
    const path = join(at, 'the log');
    spawn('sh', ['-c', 'sleep 0.3; echo started > "$1"; sleep 0.2; echo "is READY" >> "$1"', '-', path]);
    const args = { path, search_regex: '^is (READY|ready)$', timeout: 5 };
    assert.equal(check(host, waitFor, args).kind, 'change');
    assert.ok(!existsSync(path));
    assert.equal(converge(host, waitFor, args).kind, 'change');
    assert.equal(converge(host, waitFor, args).kind, 'ok');
    assert.throws(
      () => converge(host, waitFor, { path, state: 'absent', timeout: 0, msg: 'too late' }),
      /did not converge: too late/,
    );
  });

  eachShell('knows whether a port is open', host => {
    const listener = spawn(process.execPath, ['-e', 'require("net").createServer().listen(47813, "127.0.0.1")']);
    try {
      assert.ok(['ok', 'change'].includes(converge(host, waitFor, { port: 47813, timeout: 5 }).kind));
      assert.equal(
        converge(host, waitFor, { port: 47813, host: '127.0.0.2', state: 'started', timeout: 1 }).kind,
        'ok',
      );
    } finally {
      listener.kill();
    }
    assert.ok(['ok', 'change'].includes(converge(host, waitFor, { port: 47813, state: 'stopped', timeout: 5 }).kind));
  });
});
