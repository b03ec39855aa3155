import assert from 'node:assert/strict';
import { affinityOf } from './guest.ts';
import { converged, fine, mistake, play, refusal, rolePlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { proveRole } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

const guests = '2-3,6-7';
const host = '0-1,4-5';
const limit = 'Processes of the host keep off them';
const consent = ['--allow', 'reboot', '--allow', 'guest-restart'];

describe('the role cpu-isolation in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'cpu-isolation', 'numa');
    await lab.save('stock');
  });
  after(async () => await lab?.stop());

  function isolate(more: object): object[] {
    return rolePlay('cpu-isolation', { method: 'cpuset', cpus: guests, ...more });
  }

  /** The CPUs that processes may use: of PID 1, a service, libvirt, and a shell of a user. */
  async function confined(): Promise<string[]> {
    const all = await lab.sh(
      `for p in 1 $(pgrep -o -x sshd) $(pgrep -o -x libvirtd) $(pgrep -o -x cron) $$; do sed -n 's/Cpus_allowed_list:.//p' /proc/$p/task/*/status; done | sort -u`,
    );
    return all.split('\n');
  }

  /** Interrupts that can be moved and may be served by a CPU of guests. */
  const astray = `find /proc/irq -mindepth 2 -name smp_affinity_list -perm -200 | xargs grep -HE '[2367]|0-7|0-3|4-7' || :`;

  async function pin(guest: string, cpus: number[]): Promise<void> {
    const pins = cpus.map((cpu, vcpu) => `vcpupin ${guest} ${vcpu} ${cpu} --config;`);
    await lab.sh(`virsh -q '${pins.join(' ')} emulatorpin ${guest} ${host} --config'`);
  }

  it('refuses CPUs that cannot be given away, a second owner, and vCPUs that would all sit on one CPU', async () => {
    const before = await lookAt(lab);
    const said = async (more: object) => refusal(await play(lab, isolate(more), ...consent));
    assert.match(mistake(await play(lab, isolate({ cpus: null }))), /cpu_isolation: "cpus" is missing/);
    assert.match(await said({ cpus: '0-7' }), /CPUs 0-7 are all that are online: none stays with the host/);
    assert.match(await said({ cpus: '6-9' }), /the host has no CPU 8-9: it has 0-7/);
    const isolcpus = { method: 'isolcpus' };
    assert.match(await said(isolcpus), /not pinned to one CPU each: .*vm1 \(vCPU 0-1\)/);
    assert.match(await said({ ...isolcpus, cpus: '0-3', nohz_full: true }), /nohz_full cannot have CPU 0/);
    assert.match(mistake(await play(lab, isolate({ nohz_full: true }))), /needs method: isolcpus/);
    await assertUntouched(lab, before, 'the refused runs');

    await lab.sh('echo 0 > /sys/devices/system/cpu/cpu7/online');
    assert.match(await said({}), /CPU 7 is offline/);
    await lab.sh('echo 1 > /sys/devices/system/cpu/cpu7/online');
    const file = '/etc/systemd/system.conf.d/cpu.conf';
    await lab.sh(`mkdir -p /etc/systemd/system.conf.d; printf '[Manager]\\nCPUAffinity=0-3\\n' > ${file}`);
    assert.match(await said({}), /systemd has a list of CPUs of its own: .*cpu.conf:CPUAffinity=0-3/);
    await lab.sh(`rm ${file}; mkdir -p /etc/tuned; echo 'TUNED_BOOT_CMDLINE="isolcpus=2-7"' > /etc/tuned/bootcmdline`);
    assert.match(await said({}), /a profile of tuned isolates CPUs/);
    await lab.sh('rm -r /etc/tuned; systemctl set-property user.slice AllowedCPUs=0');
    assert.match(await said({ units: ['user.slice'] }), /CPUs of user.slice have another owner: .*AllowedCPUs=0/);
  });

  it('by cgroups: the host keeps off the CPUs of guests, at once and after a reboot', async () => {
    await lab.restore('stock');
    await pin('vm1', [2, 3]);
    await lab.startGuest('vm1');
    const proof = async () => {
      assert.deepEqual(await confined(), [host]);
      for (const unit of ['init.scope', 'system.slice', 'user.slice'])
        assert.equal(await lab.sh(`cat /sys/fs/cgroup/${unit}/cpuset.cpus.effective`), host);
      assert.equal(await lab.sh('cat /sys/fs/cgroup/machine.slice/cpuset.cpus.effective'), '0-7');
      const threads = await affinityOf(lab, 'vm1');
      assert.deepEqual([threads['CPU 0/KVM'], threads['CPU 1/KVM']], ['2', '3']);
      assert.equal(await lab.sh(astray), '');
      assert.equal(await lab.sh('cat /proc/irq/default_smp_affinity'), '33');
      const environment = "tr '\\0' '\\n' < /proc/$(pgrep -x irqbalance)/environ | grep BANNED";
      assert.equal(await lab.sh(environment), `IRQBALANCE_BANNED_CPULIST=${guests}`);
    };
    await proveRole(lab, {
      playbook: isolate({ irqbalance: 'installed' }),
      proof,
      disturb: async () => {
        await lab.sh('systemctl set-property --runtime system.slice AllowedCPUs=0-7');
        await lab.sh('rm /etc/systemd/system/user.slice.d/60-hostwright-cpus.conf');
        await lab.sh("echo ff > /proc/irq/default_smp_affinity; sed -i 's/^IRQBAL/#IRQBAL/' /etc/default/irqbalance");
      },
      fixes: [
        `${limit} [system.slice]`,
        `${limit} [user.slice]`,
        'irqbalance keeps off them',
        'Interrupts are served by the CPUs of the host',
        'irqbalance reads its settings',
      ],
    });
    await lab.sh('virsh -q destroy vm1');
    await lab.reboot();
    await lab.sh('udevadm settle --timeout=180');
    await lab.startGuest('vm1');
    await proof();
    converged(await play(lab, 'playbooks/cpu-isolation.yml'));
    // A guest that is not pinned runs everywhere, QEMU's own threads too.
    await lab.startGuest('vm2');
    assert.equal((await affinityOf(lab, 'vm2'))['CPU 0/KVM'], '0-7');
  });

  it('by the kernel: the CPUs are isolated after a real reboot, and guests run on them', async () => {
    await lab.restore('stock');
    await pin('vm1', [2, 3]);
    await pin('vm2', [6, 7]);
    await pin('winlike', [2, 3, 6, 7]);
    await lab.startGuest('vm1');
    const playbook = isolate({ method: 'isolcpus', nohz_full: true });
    await proveRole(lab, {
      playbook,
      arguments: consent,
      proof: async () => {
        assert.equal(await lab.sh('cat /sys/devices/system/cpu/isolated'), guests);
        assert.equal(await lab.sh('cat /sys/devices/system/cpu/nohz_full'), guests);
        assert.ok((await lab.sh('cat /proc/cmdline')).includes(`irqaffinity=${host}`));
        assert.equal(await lab.sh('cat /proc/irq/default_smp_affinity'), '33');
        assert.equal(await lab.sh(astray), '');
        assert.deepEqual(await confined(), [host]);
        const threads = await affinityOf(lab, 'vm1');
        assert.deepEqual([threads['CPU 0/KVM'], threads['CPU 1/KVM']], ['2', '3']);
      },
      disturb: async () => {
        await lab.sh('rm /etc/default/grub.d/zz-hostwright.cfg; echo ff > /proc/irq/default_smp_affinity');
      },
      fixes: ['The kernel isolates them from the next boot on', 'Interrupts are served by the CPUs of the host'],
    });
    assert.match(refusal(await play(lab, isolate({}))), /the kernel isolates CPUs already: isolcpus=managed_irq/);
    const without = fine(await play(lab, isolate({ method: 'isolcpus' })));
    assert.deepEqual(without.changed, ['The kernel isolates them from the next boot on']);
    assert.deepEqual([...new Set(without.pending.map(({ kind }) => kind))], ['reboot']);
    assert.doesNotMatch(await lab.sh('cat /etc/default/grub.d/zz-hostwright.cfg'), /nohz_full/);
  });
});
