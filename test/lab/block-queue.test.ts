import assert from 'node:assert/strict';
import { pidOf } from './guest.ts';
import { fine, play, refusal, rolePlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { proveRole } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

const task = 'Queues of disks have their settings';
const rules = '/etc/udev/rules.d/65-hostwright-block.rules';
// Only the scheduler in brackets: the kernel lists others once they are loaded.
const queues =
  "cd /sys/block && grep -H . vd?/queue/scheduler vd?/queue/nr_requests vd?/queue/write_cache | sed 's/scheduler:.*\\(\\[.*\\]\\).*/\\1/'";

describe('the role block-queue in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'block-queue');
    await lab.startGuest('vm1');
  });
  after(async () => await lab?.stop());

  it('refuses what the kernel does not have, what is not a disk, and rules that others would undo', async () => {
    const before = await lookAt(lab);
    const live = await lab.sh(queues);
    assert.match(
      refusal(await play(lab, rolePlay('block-queue', { rotating: { scheduler: 'cfq' } }))),
      /vda has no scheduler cfq: the kernel offers .*none/,
    );
    const absent = { disks: { '/dev/disk/by-id/virtio-NONE': { scheduler: 'none' } } };
    assert.match(
      refusal(await play(lab, rolePlay('block-queue', absent))),
      /there is no \/dev\/disk\/by-id\/virtio-NONE/,
    );
    await assertUntouched(lab, before, 'the refused run');

    await lab.sh(`echo 'KERNEL=="vd*", ATTR{queue/scheduler}="none"' > /etc/udev/rules.d/99-san.rules`);
    assert.match(refusal(await play(lab, rolePlay('block-queue', {}))), /99-san.rules is read after .* it would win/);
    await lab.sh('rm /etc/udev/rules.d/99-san.rules');
    assert.equal(await lab.sh(queues), live);
  });

  it('sets disks by kind and by name under a running guest, and again when udev sees them', async () => {
    const pid = await pidOf(lab, 'vm1');
    const caches = await lab.sh('cat /sys/block/vd?/queue/write_cache');
    const kind = { scheduler: 'mq-deadline', nr_requests: 128, add_random: 0 };
    await proveRole(lab, {
      playbook: rolePlay('block-queue', {
        solid_state: kind,
        rotating: kind,
        disks: { '/dev/disk/by-id/virtio-HWDATA1': { scheduler: 'none', read_ahead_kb: 256 } },
      }),
      proof: async run => {
        const single = (await lab.sh('basename "$(readlink -f /dev/disk/by-id/virtio-HWDATA1)"')).trim();
        for (const disk of ['vda', 'vdb', 'vdc']) {
          const value = async (file: string) => (await lab.sh(`cat /sys/block/${disk}/queue/${file}`)).trim();
          assert.match(await value('scheduler'), disk === single ? /\[none\]/ : /\[mq-deadline\]/, disk);
          if (disk === single) assert.equal(await value('read_ahead_kb'), '256');
          else assert.equal(await value('nr_requests'), '128');
        }
        assert.equal(String(run.result(task).fields.left_alone), '');
        assert.equal(await lab.sh('cat /sys/block/vd?/queue/write_cache'), caches);
        assert.equal(await pidOf(lab, 'vm1'), pid);
      },
      disturb: async () => {
        await lab.sh('echo none > /sys/block/vda/queue/scheduler');
        await lab.sh(
          'echo 512 > "/sys/block/$(basename "$(readlink -f /dev/disk/by-id/virtio-HWDATA1)")/queue/read_ahead_kb"',
        );
        await lab.sh(`sed -i /HWDATA1/d ${rules}`);
      },
      fixes: [task],
    });

    // What happens at boot, without the module: udev alone sets all of it.
    const wanted = await lab.sh(queues);
    await lab.sh(
      'for disk in vda vdb vdc; do echo bfq > /sys/block/$disk/queue/scheduler || echo kyber > /sys/block/$disk/queue/scheduler || echo none > /sys/block/$disk/queue/scheduler; done 2>/dev/null',
    );
    assert.notEqual(await lab.sh(queues), wanted);
    await lab.sh('udevadm trigger --action=add /sys/block/vda /sys/block/vdb /sys/block/vdc && udevadm settle');
    assert.equal(await lab.sh(queues), wanted);
    const logical = fine(
      await play(lab, rolePlay('block-queue', { nvme: { scheduler: 'none' }, solid_state: {}, rotating: {} })),
    );
    assert.deepEqual(logical.changed, [task]);
    assert.equal(await lab.sh(queues), wanted, 'a kind that is no longer given keeps its live values');
  });
});

/** Disks that read as zeroes and forget what is written. */
const disks = ['nvme', 'solid', 'rotating'].flatMap(name => [
  '-blockdev',
  `driver=null-co,node-name=${name},size=268435456,read-zeroes=on`,
]);
const devices = [
  ...[...disks, '-device', 'nvme,drive=nvme,serial=HWNVME', '-device', 'virtio-scsi-pci,id=scsi'],
  ...['-device', 'scsi-hd,bus=scsi.0,drive=solid,serial=HWSOLID,rotation_rate=1'],
  ...['-device', 'scsi-hd,bus=scsi.0,drive=rotating,serial=HWROTATING,rotation_rate=7200'],
];

describe('the role block-queue on disks of three kinds', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'block-kinds', 'small', devices);
  });
  after(async () => await lab?.stop());

  /** Of the NVMe, the solid and the rotating disk. */
  async function schedulers(): Promise<string[]> {
    const found = ['nvme-*HWNVME*', 'scsi-*HWSOLID*', 'scsi-*HWROTATING*'].map(async name => {
      const at = `/sys/block/$(basename "$(readlink -f $(ls -d /dev/disk/by-id/${name} | head -n 1))")/queue/scheduler`;
      return await lab.sh(`sed 's/.*\\[\\(.*\\)\\].*/\\1/' ${at}`);
    });
    return await Promise.all(found);
  }

  it('tells them apart, live and when udev sees them', async () => {
    const other = {
      nvme: { scheduler: 'mq-deadline' },
      solid_state: { scheduler: 'mq-deadline' },
      rotating: { scheduler: 'none' },
    };
    fine(await play(lab, rolePlay('block-queue', other)));
    assert.deepEqual(await schedulers(), ['mq-deadline', 'mq-deadline', 'none']);
    await proveRole(lab, {
      playbook: rolePlay('block-queue', {}),
      proof: async () => assert.deepEqual(await schedulers(), ['none', 'none', 'mq-deadline']),
      disturb: async () => {
        await lab.sh('for disk in nvme0n1 sda sdb; do echo bfq > /sys/block/$disk/queue/scheduler; done');
        assert.deepEqual(await schedulers(), ['bfq', 'bfq', 'bfq']);
      },
      fixes: [task],
    });
    await lab.sh('for disk in nvme0n1 sda sdb; do echo bfq > /sys/block/$disk/queue/scheduler; done');
    await lab.sh('udevadm trigger --action=add --subsystem-match=block && udevadm settle');
    assert.deepEqual(await schedulers(), ['none', 'none', 'mq-deadline']);
  });
});
