import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { affinityOf, pidOf } from './guest.ts';
import { converged, fine, play, refusal, rolePlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { startTestLab } from './test-lab.ts';

type Part = { part: string; configured: string | null; live: string | null; waits: string | null };
type Guest = {
  name: string;
  parts: Part[];
  process: { threads: { name: string; cpus: string }[]; files: { path: string; direct: boolean }[]; qemu: Qemu } | null;
  would_start: Qemu;
};
type Qemu = { iothreads: string[]; disks: Record<string, { aio: string; direct: boolean; iothreads: string[] }> };
type Report = { host: string; tuning: Part[]; guests: Guest[]; waits: string[] };

const disk = '/var/lib/libvirt/images/vm1.raw';

describe('the role verify in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'verify');
    await lab.startGuest('vm1');
  });
  after(async () => await lab?.stop());

  async function verify(): Promise<Report> {
    const report = join(lab.directory, '{{ inventory_hostname }}.json');
    fine(await play(lab, rolePlay('verify', { report })));
    return JSON.parse(readFileSync(join(lab.directory, 'hv1.json'), 'utf8')) as Report;
  }

  function settled() {
    return play(lab, rolePlay('verify', { settled: true }));
  }

  it('changes nothing, and says what other programs say', async () => {
    const before = await lookAt(lab);
    converged(await settled());
    await assertUntouched(lab, before, 'verify');

    const { tuning, guests, waits } = await verify();
    assert.deepEqual(waits, []);
    const live = (part: string) => tuning.find(one => one.part === part)?.live;
    assert.equal(live('sysctl vm.swappiness'), await lab.sh('sysctl -n vm.swappiness'));
    assert.equal(live('CPUs online'), await lab.sh('cat /sys/devices/system/cpu/online'));
    assert.match(
      live('queue of vda') ?? '',
      new RegExp(`${await lab.sh('cat /sys/block/vda/queue/nr_requests')} requests`),
    );
    const vm1 = guests.find(({ name }) => name === 'vm1')!;
    const threads = await affinityOf(lab, 'vm1');
    for (const name of ['CPU 0/KVM', 'CPU 1/KVM']) {
      assert.equal(vm1.process?.threads.find(thread => thread.name === name)?.cpus, threads[name]);
    }
    assert.equal(vm1.process?.qemu.disks[disk]?.direct, false);
    assert.equal(guests.find(({ name }) => name === 'vm2')?.process, null);
  });

  it('finds what is configured and not live, whoever changed it', async () => {
    const disks = { vda: { iothread: 1, cache: 'none', io: 'native' } };
    fine(await play(lab, rolePlay('iothreads', { domains: [{ name: 'vm1', disks }] })));
    fine(await play(lab, rolePlay('kernel-cmdline', { parameters: { nohz: 'on' } })));
    fine(await play(lab, rolePlay('host-memory', { swappiness: 7, overcommit_check: 'warn', reserve: '1G' })));
    await lab.sh('sysctl -q vm.swappiness=55');

    const { guests, tuning, waits } = await verify();
    assert.deepEqual(waits, [
      'kernel parameter nohz waits for a reboot',
      'sysctl vm.swappiness waits for the role that stored it',
      'vm1: disk vda waits for a restart of the guest',
    ]);
    const { configured, live } = tuning.find(({ part }) => part === 'sysctl vm.swappiness')!;
    assert.deepEqual([configured, live], ['7', '55']);
    const vm1 = guests.find(({ name }) => name === 'vm1')!;
    const now = vm1.process!.qemu.disks[disk]!;
    const then = vm1.would_start.disks[disk]!;
    assert.deepEqual([now.aio, now.direct, now.iothreads], ['threads', false, []]);
    assert.deepEqual([then.aio, then.direct, then.iothreads], ['native', true, ['iothread1']]);
    assert.match(refusal(await settled()), /nohz waits for a reboot; .*swappiness.*; vm1: disk vda/);
  });

  it('finds that it is live, once it is', async () => {
    await lab.sh('virsh destroy vm1');
    await lab.startGuest('vm1');
    const { guests, waits } = await verify();
    assert.deepEqual(waits, [
      'kernel parameter nohz waits for a reboot',
      'sysctl vm.swappiness waits for the role that stored it',
    ]);
    const { threads, files, qemu } = guests.find(({ name }) => name === 'vm1')!.process!;
    assert.ok(threads.some(({ name }) => name === 'IO iothread1'));
    assert.match(await lab.sh(`cat /proc/${await pidOf(lab, 'vm1')}/task/*/comm`), /^IO iothread1$/m);
    assert.deepEqual(files.find(({ path }) => path === disk)?.direct, true);
    assert.deepEqual(qemu.disks[disk]?.iothreads, ['iothread1']);
  });
});
