import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../src/decision.ts';
import { qemuImage } from '../../src/modules/qemu_image/qemu_image.ts';
import { check, converge, type Host } from './converge.ts';
import { eachShell, timeline } from './timeline.ts';

interface Info {
  readonly format: string;
  readonly 'virtual-size': number;
  readonly 'actual-size': number;
  readonly 'cluster-size'?: number;
  readonly 'backing-filename'?: string;
  readonly 'format-specific'?: { readonly data?: { readonly 'extended-l2'?: boolean } };
}

function info(path: string): Info {
  return JSON.parse(execFileSync('qemu-img', ['info', '--output=json', path], { encoding: 'utf8' })) as Info;
}

function make(path: string, ...more: string[]): void {
  execFileSync('qemu-img', ['create', '-q', ...more.slice(0, -1), path, ...more.slice(-1)]);
}

/** What is said of a task that is refused, in check mode and in a run alike. */
function refusal(host: Host, args: object): string {
  const decision = check(host, qemuImage, args);
  assert.equal(decision.kind, 'refuse', JSON.stringify(decision));
  return decision.kind === 'refuse' ? decision.message : '';
}

/**
 * The client of libvirt is on this machine without a daemon to ask; guests are tested in the lab.
 */
const without = ['virsh'];

describe('qemu_image, by qemu-img', function () {
  this.timeout(90_000);
  timeline('makes an image that is allocated at once', {
    module: qemuImage,
    without,
    args: at => ({ path: `${at}/a b.qcow2`, size: '8M', preallocation: 'falloc', cluster_size: '128K' }),
    proof: at => {
      const found = info(join(at, 'a b.qcow2'));
      assert.deepEqual([found.format, found['virtual-size'], found['cluster-size']], ['qcow2', 8 * 2 ** 20, 131072]);
      assert.ok(found['actual-size'] >= 8 * 2 ** 20);
    },
    disturb: at => execFileSync('rm', [join(at, 'a b.qcow2')]),
  });

  timeline('makes an overlay and takes the permission to write from its backing file', {
    module: qemuImage,
    without,
    before: at => make(join(at, 'base'), '-f', 'qcow2', '16M'),
    args: at => ({ path: `${at}/top`, backing: { path: `${at}/base`, format: 'qcow2' }, extended_l2: true }),
    proof: at => {
      const found = info(join(at, 'top'));
      assert.equal(found['backing-filename'], join(at, 'base'));
      assert.equal(found['virtual-size'], 16 * 2 ** 20);
      assert.equal(found['format-specific']?.data?.['extended-l2'], true);
      assert.equal(statSync(join(at, 'base')).mode & 0o222, 0);
    },
    disturb: at => chmodSync(join(at, 'base'), 0o644),
  });

  timeline('makes a smaller image larger', {
    module: qemuImage,
    without,
    before: at => make(join(at, 'disk.raw'), '-f', 'raw', '4M'),
    args: at => ({ path: `${at}/disk.raw`, format: 'raw', size: '8M', grow: true }),
    proof: at => assert.equal(statSync(join(at, 'disk.raw')).size, 8 * 2 ** 20),
  });

  eachShell('never takes the place of a file, whoever was quicker', (shell, at) => {
    const host = { ...shell, without };
    writeFileSync(join(at, 'precious'), 'data');
    assert.match(refusal(host, { path: `${at}/precious`, size: '4M' }), /precious is raw, not qcow2/);
    const decision = check(host, qemuImage, { path: `${at}/new`, size: '4M' }) as Change;
    writeFileSync(join(at, 'new'), 'of somebody else');
    for (const part of [decision.guard!, decision.apply]) {
      const [{ text }] = part.sections as unknown as [{ text: string }];
      assert.throws(() => execFileSync(host.shell[0]!, [...host.shell.slice(1), '-c', text], { stdio: 'pipe' }));
    }
    assert.equal(readFileSync(join(at, 'new'), 'utf8'), 'of somebody else');
    assert.equal(readFileSync(join(at, 'precious'), 'utf8'), 'data');
    assert.equal(existsSync(join(at, '.new.hostwright')), false);
  });

  eachShell('refuses what cannot be changed once an image is made', (shell, at) => {
    const host = { ...shell, without };
    make(join(at, 'base'), '-f', 'qcow2', '8M');
    make(join(at, 'disk'), '-f', 'qcow2', '8M');
    const path = `${at}/disk`;
    assert.match(refusal(host, { path, size: '4M' }), /has 8 MiB, more than 4 MiB/);
    assert.match(refusal(host, { path, size: '16M' }), /has 8 MiB, less than 16 MiB/);
    assert.match(refusal(host, { path, size: '8M', format: 'raw' }), /is qcow2, not raw/);
    assert.match(refusal(host, { path, size: '8M', cluster_size: '1M' }), /clusters of 64 KiB, not of 1 MiB/);
    assert.match(refusal(host, { path, size: '8M', extended_l2: true }), /has extended_l2 off/);
    const backing = { path: `${at}/base`, format: 'qcow2' };
    assert.match(refusal(host, { path, backing }), /stands alone, not on/);
    assert.match(refusal(host, { path: `${at}/x`, backing, size: '4M' }), /smaller than its backing file/);
    assert.match(refusal(host, { path: `${at}/x`, backing: { ...backing, format: 'raw' } }), /is qcow2, not raw/);
    assert.match(refusal(host, { path: `${at}/x`, backing: { ...backing, path: `${at}/y` } }), /no backing file/);
    assert.match(refusal(host, { path: `${at}/x/y`, size: '4M' }), /the directory .* does not exist/);
    assert.match(refusal(host, { path: `${at}/x`, size: '900T', preallocation: 'full' }), /do not fit/);
  });

  eachShell('leaves alone what other images are backed by', (shell, at) => {
    const host = { ...shell, without };
    make(join(at, 'base'), '-f', 'qcow2', '8M');
    make(join(at, 'top'), '-f', 'qcow2', '-b', join(at, 'base'), '-F', 'qcow2', '8M');
    assert.match(refusal(host, { path: `${at}/base`, state: 'absent' }), /cannot be removed: .*top are based on it/);
    assert.match(refusal(host, { path: `${at}/base`, size: '16M', grow: true }), /cannot be written to/);
    const gone = check(host, qemuImage, { path: `${at}/top`, state: 'absent' });
    assert.deepEqual(gone.kind === 'change' && gone.hazards?.map(({ hazard }) => hazard), ['data-loss']);
    assert.equal(converge(host, qemuImage, { path: `${at}/top`, state: 'absent' }).kind, 'change');
    assert.equal(converge(host, qemuImage, { path: `${at}/base`, state: 'absent' }).kind, 'change');
    assert.equal(existsSync(join(at, 'base')), false);
  });

  eachShell('touches no image that a program has open for writing', async (shell, at) => {
    const host = { ...shell, without };
    make(join(at, 'disk'), '-f', 'qcow2', '8M');
    const args = ['-f', 'qcow2', join(at, 'disk'), '-k', join(at, 'socket'), '-t'];
    const holder = spawn('qemu-nbd', args, { stdio: 'ignore' });
    try {
      while (!existsSync(join(at, 'socket'))) await new Promise(resolve => setTimeout(resolve, 20));
      const path = `${at}/disk`;
      assert.match(refusal(host, { path, state: 'absent' }), /is open for writing/);
      assert.match(refusal(host, { path, size: '16M', grow: true }), /a running guest has it open/);
      const backing = { path, format: 'qcow2' };
      assert.match(refusal(host, { path: `${at}/top`, backing }), /a program that has it open for writing/);
      assert.equal(converge(host, qemuImage, { path, size: '8M' }).kind, 'ok');
    } finally {
      holder.kill();
    }
  });
});
