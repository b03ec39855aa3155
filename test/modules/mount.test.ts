import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mount } from '../../src/modules/mount/mount.ts';
import { nfsMount } from '../../src/modules/nfs_mount/nfs_mount.ts';
import { check, converge } from './converge.ts';
import { eachShell } from './timeline.ts';

const mounts = spawnSync('unshare', ['-m', 'true']).status === 0;

/** How often something is mounted at or below a path. */
function countMounts(path: string): number {
  const text = readFileSync('/proc/self/mounts', 'utf8');
  return text.split('\n').filter(line => line.includes(` ${path.replaceAll(' ', '\\040')}`)).length;
}

function unmount(...points: readonly string[]): void {
  for (const point of points) spawnSync('umount', ['-l', point]);
}

(mounts ? describe : describe.skip)('mount, however a path is spelt', function () {
  this.timeout(60_000);

  const spellings = ['link/a', 'data/./a/', 'data//a', 'link/../data/a', 'whole'];

  eachShell('finds what is mounted, mounts once and has one line in fstab', (host, at) => {
    const fstab = join(at, 'fstab');
    writeFileSync(fstab, '# mine\n');
    mkdirSync(join(at, 'data'));
    symlinkSync('data', join(at, 'link'));
    symlinkSync('data/a', join(at, 'whole'));
    const args = { src: 'none', fstype: 'tmpfs', opts: 'size=1M', fstab };
    try {
      assert.equal(converge(host, mount, { ...args, path: `${at}/link/a`, state: 'mounted' }).kind, 'change');
      const line = `none ${at.replaceAll(' ', '\\040')}/data/a tmpfs size=1M 0 0\n`;
      assert.equal(readFileSync(fstab, 'utf8'), `# mine\n${line}`);
      for (const one of spellings) {
        assert.equal(check(host, mount, { ...args, path: `${at}/${one}`, state: 'mounted' }).kind, 'ok', one);
        for (const state of ['absent', 'unmounted'])
          assert.equal(check(host, mount, { path: `${at}/${one}`, state, fstab }).kind, 'change', `${one} ${state}`);
      }
      assert.equal(converge(host, mount, { path: `${at}//link//a/`, state: 'absent', fstab }).kind, 'change');
      assert.equal(readFileSync(fstab, 'utf8'), '# mine\n');
      assert.equal(countMounts(at), 0);
    } finally {
      unmount(join(at, 'data/a'));
    }
  });

  eachShell('finds a line of fstab that names it by a link, and keeps that name', (host, at) => {
    const fstab = join(at, 'fstab');
    mkdirSync(join(at, 'the 7 data/a'), { recursive: true });
    symlinkSync('the 7 data', join(at, 'the 7 link'));
    const escaped = at.replaceAll(' ', '\\040');
    // Some shells read a digit behind an escape as a part of it.
    const text = `none ${escaped}/the\\0407\\040link/a/ tmpfs size=1M 0 0\n`;
    writeFileSync(fstab, text);
    const args = { path: join(at, 'the 7 data/a'), src: 'none', fstype: 'tmpfs', opts: 'size=1M', fstab };
    assert.equal(check(host, mount, { ...args, state: 'present' }).kind, 'ok');
    assert.equal(converge(host, mount, { ...args, state: 'absent' }).kind, 'change');
    assert.equal(readFileSync(fstab, 'utf8'), '');
  });

  eachShell('unmounts all that is mounted one above the other', (host, at) => {
    const point = join(at, 'm');
    mkdirSync(point);
    writeFileSync(join(at, 'fstab'), '');
    for (const _ of [1, 2, 3]) spawnSync('mount', ['-t', 'tmpfs', 'none', point]);
    try {
      const args = { path: point, state: 'unmounted', fstab: join(at, 'fstab') };
      assert.equal(converge(host, mount, args).kind, 'change');
      assert.equal(countMounts(at), 0);
    } finally {
      unmount(point, point, point);
    }
  });

  eachShell('compares a bind mount with its source, and refuses another one', (host, at) => {
    const point = join(at, 'point');
    for (const name of ['new', 'old/below', 'point']) mkdirSync(join(at, name), { recursive: true });
    symlinkSync('old', join(at, 'link'));
    const fstab = join(at, 'fstab');
    writeFileSync(fstab, '');
    const args = { path: point, src: join(at, 'link/below'), fstype: 'none', opts: 'bind', state: 'mounted', fstab };
    try {
      assert.equal(converge(host, mount, args).kind, 'change');
      assert.equal(converge(host, mount, args).kind, 'ok');
      for (const src of [join(at, 'new'), join(at, 'old'), join(at, 'missing')]) {
        const refused = check(host, mount, { ...args, src });
        assert.match(refused.kind === 'refuse' ? refused.message : refused.kind, /below of \S+ mounted, not /);
      }
    } finally {
      unmount(point);
    }
  });

  eachShell('nfs_mount finds what is mounted, too', (host, at) => {
    mkdirSync(join(at, 'data/a'), { recursive: true });
    symlinkSync('data', join(at, 'link'));
    symlinkSync('data/a', join(at, 'whole'));
    const fstab = join(at, 'fstab');
    writeFileSync(fstab, '');
    spawnSync('mount', ['-t', 'tmpfs', 'none', join(at, 'data/a')]);
    try {
      for (const one of ['link/a', 'data/./a', 'whole']) {
        const refused = check(host, nfsMount, { path: join(at, 'x/..', one), source: 'nfs1:/srv', fstab });
        assert.equal(refused.kind === 'refuse' && refused.message.includes('has tmpfs from none mounted'), true, one);
      }
    } finally {
      unmount(join(at, 'data/a'));
    }
  });
});

describe('mount, swap space', () => {
  eachShell('goes to fstab and out of it, by its source', (host, at) => {
    const fstab = join(at, 'fstab');
    writeFileSync(fstab, '/dev/sda2 none swap sw 0 0\n/dev/sda3 swap swap defaults 0 0\n');
    const args = { path: 'none', fstype: 'swap', fstab };
    const stored = { ...args, src: '/dev/sda4', opts: 'pri=5', passno: 0, dump: 0, state: 'present' };
    assert.equal(converge(host, mount, stored).kind, 'change');
    assert.equal(converge(host, mount, { ...args, path: 'swap', src: '/dev/sda3', state: 'absent' }).kind, 'change');
    assert.equal(readFileSync(fstab, 'utf8'), '/dev/sda2 none swap sw 0 0\n/dev/sda4 none swap pri=5 0 0\n');
    assert.equal(check(host, mount, { ...args, src: '/dev/sda2', opts: 'sw', state: 'present' }).kind, 'ok');
  });
});
