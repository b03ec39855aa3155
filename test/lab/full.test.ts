import assert from 'node:assert/strict';
import { affinityOf, pidOf } from './guest.ts';
import { converged, explain, fine, play, rolePlay } from './hostwright.ts';
import { type IsoServer, serveIso } from './iso-server.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { assertPredicted } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

const playbook = 'playbooks/full.yml';

describe('all roles on one host', function () {
  this.timeout(2_400_000);
  let lab: Lab;
  let server: IsoServer;

  before(async function () {
    lab = await startTestLab(this, 'full', 'numa');
    server = await serveIso('drivers.iso');
  });
  after(async () => {
    await lab?.stop();
    await server?.stop();
  });

  function vars(more: object = {}): string[] {
    const iso = { iso_url: server.url, iso_sha256: server.sha256, iso_version: '1.0' };
    // The lab reaches its sshd not where this machine does.
    const inside = { distribution_address: '127.0.0.1', distribution_port: 22 };
    return ['-e', JSON.stringify({ ...iso, ...inside, ...more })];
  }

  it('are foreseen by check mode, change a stock host, and find nothing to do after a reboot', async () => {
    const before = await lookAt(lab);
    const check = fine(await play(lab, playbook, '--check', ...vars()));
    await assertUntouched(lab, before, 'check mode');

    const boot = await lab.sh('cat /proc/sys/kernel/random/boot_id');
    const run = fine(await play(lab, playbook, '--allow', 'reboot', ...vars()));
    // Which of the roles' handlers reboots for all of them shows only when they run.
    assertPredicted(check, { ...run, changed: run.changed.filter(name => !name.startsWith('Reboot for ')) });
    assert.ok(run.counts.changed > 25, explain(run));
    assert.notEqual(await lab.sh('cat /proc/sys/kernel/random/boot_id'), boot, 'it was not rebooted');
    const again = converged(await play(lab, playbook, ...vars()));
    assert.deepEqual(again.pending, []);
  });

  it('guests run with all of it', async () => {
    await lab.startGuest('vm1');
    await lab.startGuest('vm2');
    const one = await lab.sh(`tr '\\0' ' ' < /proc/${await pidOf(lab, 'vm1')}/cmdline`);
    for (const part of ['"iothread-vq-mapping":[{"iothread":"iothread1"', '"direct":true', 'x2apic=on']) {
      assert.ok(one.includes(part), `${part} in ${one}`);
    }
    const two = await lab.sh(`tr '\\0' ' ' < /proc/${await pidOf(lab, 'vm2')}/cmdline`);
    for (const part of ['"hugetlb":true', '"iothread":"iothread1"', '"aio":"native"']) {
      assert.ok(two.includes(part), `${part} in ${two}`);
    }
    const cpus = await Promise.all(['vm1', 'vm2'].map(guest => affinityOf(lab, guest)));
    const pinned = cpus.flatMap(threads => [threads['CPU 0/KVM'], threads['CPU 1/KVM']]).toSorted();
    assert.deepEqual(pinned, ['2', '3', '6', '7']);
    assert.equal(await lab.sh('cat /sys/fs/cgroup/system.slice/cpuset.cpus.effective'), '0-1,4-5');
    assert.equal(await lab.sh('cat /proc/sys/vm/swappiness'), '10');
    assert.match(await lab.sh('tuned-adm active'), /hostwright-host/);
    await lab.sh('cmp /var/lib/libvirt/images/base.qcow2 /srv/images/base.qcow2');

    const settled = converged(await play(lab, playbook, ...vars({ measure: false })));
    assert.deepEqual(settled.pending, []);
    converged(await play(lab, rolePlay('verify', { settled: true })));
  });
});
