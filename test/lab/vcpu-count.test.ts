import assert from 'node:assert/strict';
import { editByHand } from './guest.ts';
import { converged, fine, play, refusal, rolePlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { proveRole } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

describe('the role vcpu-count in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'vcpu-count');
  });
  after(async () => await lab?.stop());

  function vcpus(name: string, more: object): object[] {
    return rolePlay('vcpu-count', { domains: [{ name, ...more }] });
  }

  it('sets number and layout, and fixes what somebody changed', async () => {
    await proveRole(lab, {
      playbook: 'playbooks/vcpu-count.yml',
      proof: async () => {
        const max = await lab.sh('virsh -q vcpucount vm1 --config --maximum');
        const current = await lab.sh('virsh -q vcpucount vm1 --config --current');
        assert.deepEqual([max, current].map(Number), [4, 2]);
        assert.match(await lab.sh('virsh dumpxml --inactive vm1'), /<topology sockets='1'[^>]* cores='4' threads='1'/);
      },
      disturb: async () => await editByHand(lab, 'vm1', `"s/cores='4'/cores='2'/; s/threads='1'/threads='2'/"`),
      fixes: ['Guests have their vCPUs [vm1]'],
    });
  });

  it('gives a running guest more at once, and no more than the host has without a word', async () => {
    await lab.startGuest('vm1');
    const grown = fine(await play(lab, vcpus('vm1', { current: 3, overcommit: true })));
    assert.deepEqual(grown.changed, ['Guests have their vCPUs [vm1]']);
    assert.deepEqual(grown.pending, []);
    assert.equal(Number(await lab.sh('virsh -q vcpucount vm1 --live --current')), 3);
    assert.equal(await lab.sh('virsh -q vcpuinfo vm1 | grep -c ^VCPU:'), '3');
    converged(await play(lab, vcpus('vm1', { current: 3, overcommit: true })));
    assert.match(refusal(await play(lab, vcpus('vm2', { max: 64 }))), /would have 64 vCPUs, and the host has 1 CPU/);
    const few = fine(
      await play(lab, vcpus('vm2', { max: 1, topology: { sockets: 1, cores: 1, threads: 1 } }), '--check'),
    );
    assert.match(few.items('Guests have enough for their disks').vm2!.message, /^vm2 has 1 of the 2 vCPUs/);
    const odd = { max: 3, overcommit: true, topology: { sockets: 1, cores: 2, threads: 1 } };
    assert.match(refusal(await play(lab, vcpus('vm2', odd))), /topology of 2 threads/);
  });

  it('pins the vCPUs that a running guest has, and those that it will have when it is started', async () => {
    const more = { max: 6, current: 3, overcommit: true, topology: { sockets: 1, cores: 6, threads: 1 } };
    fine(await play(lab, vcpus('vm1', more)));
    const vcpupin = Object.fromEntries(Array.from({ length: 6 }, (_, vcpu) => [vcpu, '0']));
    const pins = rolePlay('vcpupin', { strategy: 'manual', domains: [{ name: 'vm1', vcpupin, emulatorpin: '0' }] });
    const first = fine(await play(lab, pins));
    const second = converged(await play(lab, pins));
    for (const { pending } of [first, second])
      assert.match(pending.find(({ subject }) => subject === 'vm1')?.reason ?? '', /^vCPUs, vCPU topology, vCPU pins:/);
    assert.match(await lab.sh('virsh dumpxml vm1'), /<vcpupin vcpu='3' cpuset='0'/);
    assert.match(await lab.sh('virsh dumpxml --inactive vm1'), /<vcpupin vcpu='5' cpuset='0'/);
    assert.match(await lab.sh('virsh dumpxml vm1'), /<emulatorpin cpuset='0'/);
  });
});
