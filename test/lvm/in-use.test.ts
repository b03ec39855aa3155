import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, symlinkSync, unlinkSync } from 'node:fs';
import { filesystem } from '../../src/modules/filesystem/filesystem.ts';
import { fio } from '../../src/modules/fio/fio.ts';
import { lvmVolumeGroup } from '../../src/modules/lvm_vg/lvm_vg.ts';
import type { AnyModule } from '../../src/modules/module.ts';
import { parted } from '../../src/modules/parted/parted.ts';
import { applyChange, converge, decideNow } from '../kvm/converge.ts';
import { hashOf, loopDisks } from './loop-disks.ts';

/** Every module that writes to a device, and what it would do to an empty one. */
const writers = (device: string): readonly [AnyModule, object][] => [
  [lvmVolumeGroup, { vg: 'hwinuse', devices: [device], allow_kernel_names: true }],
  [filesystem, { dev: device, fstype: 'ext4', allow_kernel_names: true }],
  [fio, { path: device, load: { rw: 'randwrite', bs: '4K' }, size: '1M', allow_kernel_names: true }],
  [parted, { device, number: 1, state: 'present', allow_kernel_names: true }],
];

describe('a device that a process has open', function () {
  this.timeout(120_000);
  const holders: ChildProcess[] = [];

  // Before the disks go, which are in use until then.
  afterEach(async () => {
    for (const holder of holders.splice(0)) {
      holder.kill();
      await once(holder, 'exit');
    }
  });

  const disks = loopDisks(['vgcreate', 'mkfs.ext4', 'sfdisk', 'fio']);

  /** A process that does nothing but have it open, as a guest's QEMU has. */
  function open(device: string): void {
    const file = openSync(device, 'r+');
    holders.push(spawn('sleep', ['1000'], { stdio: ['ignore', 'ignore', 'ignore', file] }));
    closeSync(file);
  }

  it('is taken by no module, and no byte changes', () => {
    const { device, image } = disks.disk('open');
    open(device);
    const before = hashOf(image);
    for (const [module, args] of writers(device)) {
      const decision = decideNow(module, args);
      assert.match(decision.kind === 'refuse' ? decision.message : decision.kind, /is in use by sleep \(process \d+\)/);
    }
    assert.equal(hashOf(image), before);
  });

  it('is found under another name', () => {
    const { device } = disks.disk('named');
    const link = `/dev/hostwright-test-${process.pid}`;
    symlinkSync(device, link);
    try {
      open(link);
      const decision = decideNow(filesystem, { dev: link, fstype: 'ext4', allow_kernel_names: true });
      assert.match(decision.kind === 'refuse' ? decision.message : decision.kind, /is in use by sleep/);
    } finally {
      unlinkSync(link);
    }
  });

  it('is not taken once it is opened after the look', () => {
    const { device, image } = disks.disk('raced');
    const changes = writers(device).map(([module, args]) => decideNow(module, args));
    open(device);
    const before = hashOf(image);
    for (const change of changes) {
      assert.equal(change.kind, 'change');
      if (change.kind === 'change') assert.throws(() => applyChange(change), /guard left with 75/);
    }
    assert.equal(hashOf(image), before);
  });

  it('keeps its partitions as they are, and is not taken in part', () => {
    const { device } = disks.disk('whole');
    const asked = { device, allow_kernel_names: true, part_end: '50%', number: 1, state: 'present' };
    assert.equal(converge(parted, asked).second?.kind, 'ok');
    open(device);
    const part = `${device}p1`;
    const rows: [AnyModule, object][] = [
      [parted, { ...asked, number: 2, part_start: '50%', part_end: '100%' }],
      [parted, { ...asked, name: 'other' }],
      [parted, { ...asked, state: 'absent' }],
      [filesystem, { dev: part, fstype: 'ext4', allow_kernel_names: true }],
    ];
    for (const [module, args] of rows) {
      const decision = decideNow(module, args);
      assert.match(decision.kind === 'refuse' ? decision.message : decision.kind, /is in use by sleep/);
    }
    assert.equal(decideNow(parted, asked).kind, 'ok');
  });

  it('keeps a partition that is open, and may get others', () => {
    const { device } = disks.disk('part');
    const asked = { device, allow_kernel_names: true, part_end: '50%', number: 1, state: 'present' };
    assert.equal(converge(parted, asked).second?.kind, 'ok');
    open(`${device}p1`);
    const removal = decideNow(parted, { ...asked, state: 'absent' });
    assert.match(removal.kind === 'refuse' ? removal.message : removal.kind, /p1 is in use by sleep/);
    const more = { ...asked, number: 2, part_start: '50%', part_end: '100%' };
    assert.equal(decideNow(parted, more).kind, 'change');
    const whole = decideNow(filesystem, { dev: device, fstype: 'ext4', allow_kernel_names: true });
    assert.equal(whole.kind, 'refuse');
  });
});
