import assert from 'node:assert/strict';
import { editByHand, pidOf } from './guest.ts';
import { converged, explain, fine, play, refusal, rolePlay, taskPlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { proveRole } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

const enlightenments =
  'relaxed vapic spinlocks=0x1fff vpindex runtime synic stimer stimer-direct reset frequencies tlbflush ipi time';

describe('the role guest-pv in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'guest-pv');
  });
  after(async () => await lab?.stop());

  function guest(name: string, more: object): object[] {
    return rolePlay('guest-pv', { domains: [{ name, ...more }] });
  }

  /** The arguments with which QEMU runs now. */
  async function argv(name: string): Promise<string[]> {
    return (await lab.sh(`tr '\\0' '\\n' < /proc/${await pidOf(lab, name)}/cmdline`)).split('\n');
  }

  /** What stands behind an option. */
  function option(all: string[], name: string): string {
    return all[all.indexOf(name) + 1]!;
  }

  it('gives a Windows guest its preset, and fixes what somebody changed', async () => {
    await proveRole(lab, {
      playbook: 'playbooks/guest-pv.yml',
      proof: async () => {
        const cpu = await lab.sh("virsh domxml-to-native qemu-argv --domain winlike | grep -o ' -cpu [^ ]*'");
        for (const name of enlightenments.split(' ')) {
          assert.ok(cpu.split(',').includes(name.includes('=') ? `hv-${name}` : `hv-${name}=on`), `${name} in ${cpu}`);
        }
        assert.match(cpu, /,x2apic=on/);
        assert.match(await lab.sh('virsh dumpxml --inactive vm1'), /<apic eoi='on'\/>/);
      },
      disturb: async () =>
        await editByHand(
          lab,
          'winlike',
          `"/<ipi/d; s/name='hypervclock' present='yes'/name='hypervclock' present='no'/"`,
        ),
      fixes: ['Guests have what their system wants of the hypervisor [winlike]'],
    });
  });

  it('QEMU runs a guest with all of it', async () => {
    await lab.sh('virsh -q start winlike');
    const all = await argv('winlike');
    const cpu = option(all, '-cpu').split(',');
    for (const name of enlightenments.split(' ')) {
      assert.ok(cpu.includes(name.includes('=') ? `hv-${name}` : `hv-${name}=on`), `${name} in ${cpu}`);
    }
    assert.ok(cpu.includes('x2apic=on'));
    assert.match(option(all, '-rtc'), /base=localtime,driftfix=slew|driftfix=slew/);
    assert.match(option(all, '-machine'), /hpet=off/);
    assert.ok(all.includes('kvm-pit.lost_tick_policy=delay'));
    converged(await play(lab, 'playbooks/guest-pv.yml'));
  });

  it('leaves a guest running that does not shut down, and says so', async () => {
    // Its disk is empty: there is no system that could hear the power button.
    await editByHand(lab, 'winlike', `"/<ipi/d"`);
    const pid = await pidOf(lab, 'winlike');
    const tasks = taskPlay({ libvirt_restart: { domains: ['winlike'], timeout: 3 } });
    const run = await play(lab, tasks, '--allow', 'guest-restart');
    assert.equal(run.code, 2, explain(run));
    assert.match(explain(run), /winlike did not shut down within 3 s, and still runs/);
    assert.equal(await pidOf(lab, 'winlike'), pid);
    assert.equal(await lab.sh('virsh domstate winlike | xargs'), 'running');
    await lab.sh('virsh -q destroy winlike');
  });

  it('waits for the restart of a running guest, and restarts it where that is allowed', async () => {
    await editByHand(lab, 'vm1', `"s/<apic eoi='on'/<apic/; /<timer /d; /name='x2apic'/d"`);
    await lab.startGuest('vm1');
    assert.doesNotMatch(option(await argv('vm1'), '-cpu'), /x2apic|kvm-pv-eoi/);
    const waiting = fine(await play(lab, 'playbooks/guest-pv.yml'));
    assert.deepEqual(
      waiting.pending.map(({ kind, subject }) => [kind, subject]),
      [['guest-restart', 'vm1']],
    );
    // x2APIC is not among it: KVM gave it to the running guest unasked, and libvirt says so.
    assert.match(waiting.pending[0]!.reason, /^PV-EOI, clock: take effect/);
    assert.equal(converged(await play(lab, 'playbooks/guest-pv.yml')).pending.length, 1);
    const restarted = fine(await play(lab, 'playbooks/guest-pv.yml', '--allow', 'guest-restart'));
    assert.deepEqual(restarted.pending, []);
    const all = await argv('vm1');
    assert.match(option(all, '-cpu'), /x2apic=on.*kvm-pv-eoi=on|kvm-pv-eoi=on.*x2apic=on/);
    assert.match(option(all, '-machine'), /hpet=off/);
    assert.deepEqual(converged(await play(lab, 'playbooks/guest-pv.yml')).pending, []);
  });

  it('changes no definition that a saved image would hide', async () => {
    await lab.sh('virsh -q managedsave vm1');
    const before = await lookAt(lab);
    const other = guest('vm1', { preset: 'linux', clock: { offset: 'localtime' } });
    assert.match(refusal(await play(lab, other)), /vm1 has a saved image, and the next start would restore/);
    await assertUntouched(lab, before, 'the refused run');
    // The guard is right: what is defined meanwhile does not run after the next start.
    await editByHand(lab, 'vm1', `"s/<apic eoi='on'/<apic eoi='off'/"`);
    await lab.sh('virsh -q start vm1');
    assert.match(await lab.sh('virsh dumpxml vm1'), /<apic eoi='on'/);
    await lab.sh('virsh -q destroy vm1');
  });

  it('refuses what the host does not offer, and what QEMU would not start with', async () => {
    const before = await lookAt(lab);
    const said = async (more: object) => refusal(await play(lab, guest('vm2', more)));
    assert.match(
      await said({ hyperv: { evmcs: true, vapic: true } }),
      /enlightenment evmcs, which this host does not offer/,
    );
    assert.match(await said({ hyperv: { evmcs: true, vapic: true } }), /evmcs is for Intel CPUs, and this one is AMD/);
    assert.match(await said({ hyperv: { synic: true } }), /synic without vpindex, and QEMU would not start/);
    const timers = { vpindex: true, synic: true, stimer: true };
    assert.match(await said({ hyperv: timers }), /stimer without hypervclock/);
    const off = { preset: 'windows', hyperv: { vpindex: false, ipi: true } };
    assert.match(await said(off), /ipi without vpindex/);
    await assertUntouched(lab, before, 'a refused run');
    await editByHand(lab, 'vm2', `"s|<apic/>|<apic/><hyperv mode='passthrough'/>|"`);
    assert.match(
      await said({ preset: 'windows' }),
      /<hyperv mode='passthrough'>.*\n.*keeps the guest from being migrated/,
    );
    // The guard is right: libvirt takes it, and QEMU does not start.
    const alone = "<hyperv mode='custom'><synic state='on'/>";
    await editByHand(lab, 'vm2', `"s|<hyperv mode='passthrough'>|${alone}|"`);
    assert.match((await lab.ssh('virsh -q start vm2')).stderr, /hv-synic.* requires .*hv-vpindex/);
  });
});
