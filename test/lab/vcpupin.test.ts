import assert from 'node:assert/strict';
import { affinityOf, keepDefinition, pidOf } from './guest.ts';
import { converged, fine, play, refusal, rolePlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { proveRole } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

describe('the role vcpupin in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'vcpupin', 'numa');
    await lab.startGuest('vm1');
  });
  after(async () => await lab?.stop());

  function maps(vcpupin: Record<string, string>): object[] {
    return rolePlay('vcpupin', { strategy: 'manual', domains: [{ name: 'vm1', vcpupin, emulatorpin: '0-1' }] });
  }

  it('refuses CPUs that are offline or not there, and plans around them', async () => {
    await lab.sh('echo 0 > /sys/devices/system/cpu/cpu7/online');
    const before = await lookAt(lab);
    assert.match(refusal(await play(lab, maps({ 0: '2', 1: '7' }))), /would be pinned to CPU 7, which is offline/);
    assert.match(refusal(await play(lab, maps({ 0: '2', 1: '500' }))), /would be pinned to CPU 500/);
    assert.match(refusal(await play(lab, maps({ 0: '2', 2: '3' }))), /has no vCPU 2: it has 2/);
    await assertUntouched(lab, before, 'the refused run');
    fine(await play(lab, 'playbooks/vcpupin.yml', '-e', 'overcommit=true', '--check'));
    await lab.sh('echo 1 > /sys/devices/system/cpu/cpu7/online');
  });

  it('moves the threads of a running guest at once, by explicit maps', async () => {
    const pid = await pidOf(lab, 'vm1');
    const unpinned = await keepDefinition(lab, 'vm1');
    const run = fine(await play(lab, maps({ 0: '6', 1: '7' })));
    assert.deepEqual(run.pending, []);
    const threads = await affinityOf(lab, 'vm1');
    assert.equal(threads['CPU 0/KVM'], '6');
    assert.equal(threads['CPU 1/KVM'], '7');
    assert.equal(threads['qemu-system-x86'], '0,1');
    assert.equal(await pidOf(lab, 'vm1'), pid);
    assert.match(await lab.sh('virsh -q vcpupin vm1 --config'), /0 +6\n *1 +7/);
    assert.match(await lab.sh('virsh -q emulatorpin vm1 --config'), /0-1/);
    converged(await play(lab, maps({ 0: '6', 1: '7' })));
    await lab.sh("virsh -q 'vcpupin vm1 0 0-7; vcpupin vm1 1 0-7; emulatorpin vm1 0-7'");
    await unpinned.restore();
  });

  it('plans by the topology: whole cores, one node a guest, the first cores for the host', async () => {
    await proveRole(lab, {
      playbook: 'playbooks/vcpupin.yml',
      arguments: ['--allow', 'guest-restart'],
      // In check mode the guest does not wait yet.
      unforeseen: ['Restart guests that wait for it'],
      proof: async () => {
        const threads = await affinityOf(lab, 'vm1');
        const mine = [threads['CPU 0/KVM']!, threads['CPU 1/KVM']!];
        const siblings = await lab.sh(`cat /sys/devices/system/cpu/cpu${mine[0]}/topology/thread_siblings_list`);
        assert.equal(mine.join('-'), siblings, 'the two vCPUs are on the threads of one core');
        assert.ok(
          mine.every(cpu => !['0', '1', '4', '5'].includes(cpu)),
          "the first core of each node is the host's",
        );
        assert.match(threads['qemu-system-x86']!, /^[01,45-]+$/);
        const other = await lab.sh("virsh -q vcpupin vm2 --config | awk '{ print $2 }' | xargs");
        assert.deepEqual([...mine, ...other.split(' ')].sort(), ['2', '3', '6', '7'], 'no CPU has two owners');
        const node = await lab.sh("virsh numatune vm1 | awk '/nodeset/ { print $3 }'");
        assert.equal(
          await lab.sh(`cat /sys/devices/system/cpu/cpu${mine[0]}/node${node}/cpulist | head -1`),
          node === '0' ? '0-3' : '4-7',
        );
      },
      disturb: async () => {
        await lab.sh('virsh -q vcpupin vm1 0 0-7 --live --config; virsh -q vcpupin vm2 1 0 --config');
      },
      fixes: ['Threads and memory are where the plan says [vm1]', 'Threads and memory are where the plan says [vm2]'],
    });
  });
});
