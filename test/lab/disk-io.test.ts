import assert from 'node:assert/strict';
import { disks } from './disk-hash.ts';
import { editByHand, pidOf } from './guest.ts';
import { converged, fine, mistake, play, refusal, rolePlay, taskPlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { proveRole } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

const definition = 'Disks have their bus and their driver';

describe('the role disk-io in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'disk-io');
    await lab.sh(`vgcreate -q vmpool ${disks.empty} && lvcreate -q -n data -L 512M vmpool`);
    await lab.sh('virsh -q attach-disk vm1 /dev/vmpool/data vdb --targetbus virtio --sourcetype block --config');
    await lab.startGuest('vm1');
  });
  after(async () => await lab?.stop());

  function role(name: string, guest: object, more: object = {}): object[] {
    return rolePlay('disk-io', { domains: [{ name, ...guest }], ...more });
  }

  it('refuses what loses data, what libvirt rejects, and a bus that the guest may not know', async () => {
    const before = await lookAt(lab);
    assert.match(mistake(await play(lab, role('vm1', { disks: { vda: { cache: 'writeback' } } }))), /power_protected/);
    const native = { disks: { vda: { cache: 'writethrough', io: 'native' } } };
    assert.match(mistake(await play(lab, role('vm1', native))), /io=native with cache=writethrough/);
    const threads = await play(lab, role('vm1', { disks: { vda: { iothreads: [1, 9] } }, iothreads: 1 }));
    assert.match(refusal(threads), /uses I\/O thread 9/);
    const uring = role('vm1', { disks: { vdb: { io: 'io_uring', cache: 'writethrough' } } });
    assert.match(refusal(await play(lab, uring)), /known to hang on LVM/);
    const bus = await play(lab, role('winlike', { disks: { sda: { bus: 'virtio' } } }));
    assert.match(refusal(bus), /Windows stops with 0x7B/);
    await assertUntouched(lab, before, 'the refused run');
  });

  it('gives each disk of a running guest what suits the place it lies in, and says why', async () => {
    const guest = {
      iothreads: 2,
      disks: { vda: { iothread: 1 }, vdb: { iothreads: [1, 2], queues: 2, queue_size: 512, error_policy: 'stop' } },
    };
    await proveRole(lab, {
      playbook: role('vm1', guest),
      arguments: ['--allow', 'guest-restart'],
      // In check mode the guest does not wait yet.
      unforeseen: ['Restart guests that wait for it'],
      proof: async run => {
        const said = run.items('What decided').vm1!.message;
        assert.match(said, /vda: io threads by the rule "allocation": the file is not allocated in full/);
        assert.match(said, /vdb: io native by the rule "modern": a block device/);
        const pid = await pidOf(lab, 'vm1');
        const line = await lab.sh(`tr '\\0' '\\n' < /proc/${pid}/cmdline`);
        const [file, device] = ['vm1.raw', 'vmpool/data'].map(name => line.split('\n').find(row => row.includes(name)));
        for (const part of ['"aio":"threads"', '"direct":true', '"discard":"unmap"'])
          assert.ok(file?.includes(part), file);
        for (const part of ['"aio":"native"', '"direct":true']) assert.ok(device?.includes(part), device);
        const served = line.split('\n').find(row => row.includes('virtio-disk1')) ?? '';
        assert.match(served, /"iothread-vq-mapping":\[\{"iothread":"iothread1"\},\{"iothread":"iothread2"\}\]/);
        assert.match(served, /"queue-size":512/);
        const flags = await lab.sh(
          `for fd in /proc/${pid}/fd/*; do case $(readlink $fd) in /dev/dm-*|*/vm1.raw) grep flags /proc/${pid}/fdinfo/\${fd##*/};; esac; done`,
        );
        // O_DIRECT, in octal.
        for (const row of flags.split('\n'))
          assert.ok((Number.parseInt(row.split(/\s+/)[1]!, 8) & 0o40000) !== 0, flags);
      },
      disturb: async () =>
        await editByHand(lab, 'vm1', `-e "s/ io='native'/ io='threads'/" -e "s/ queue_size='512'//"`),
      fixes: [`${definition} [vm1]`],
    });
  });

  it('lets a running guest see its volume grow', async () => {
    const volume = { vg: 'vmpool', lv: 'data', size: '768M', grow: true };
    const capacity = async () => {
      const stats = await lab.sh('virsh domstats vm1 --block');
      const disk = /block\.(\d+)\.name=vdb$/m.exec(stats)?.[1];
      return new RegExp(`block\\.${disk}\\.capacity=(\\d+)`).exec(stats)?.[1];
    };
    assert.equal(await capacity(), String(512 * 2 ** 20));
    fine(await play(lab, taskPlay({ name: 'It grows', lvm_lv: volume })));
    assert.equal(await capacity(), String(768 * 2 ** 20));
    converged(await play(lab, taskPlay({ name: 'It grows', lvm_lv: volume })));
  });

  it('moves a disk whose guest has the driver, to a controller with two I/O threads and to virtio', async () => {
    const moved = { bus: 'scsi', drivers_present: true };
    const controller = { 0: { queues: 2, iothreads: [1, 2] } };
    fine(await play(lab, role('winlike', { iothreads: 2, disks: { sda: moved }, scsi_controllers: controller })));
    assert.match(await started(), /"virtio-scsi-pci".*"iothread-vq-mapping":\[\{"iothread":"iothread1"\},/);
    fine(await play(lab, role('winlike', { disks: { sda: { ...moved, bus: 'virtio' } } })));
    assert.match(await started(), /"virtio-blk-pci"/);
  });

  /** The command line of the guest winlike, which is started for it and stopped again. */
  async function started(): Promise<string> {
    await lab.sh('virsh -q start winlike');
    return await lab.sh(
      "tr '\\0' '\\n' < /proc/$(cat /run/libvirt/qemu/winlike.pid)/cmdline; virsh -q destroy winlike",
    );
  }
});
