import assert from 'node:assert/strict';
import { cli, converged, fine, hostwright } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { startTestLab } from './test-lab.ts';

const device = '/dev/disk/by-id/virtio-HWDATA1';

describe('one-off work on the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'ad-hoc');
  });
  after(async () => await lab?.stop());

  it('runs a command and shows what it printed', async () => {
    const { code, stdout } = await cli(['run', 'hv*', 'command', 'uptime', '-i', lab.inventoryFile]);
    assert.equal(code, 0);
    assert.match(stdout, /load average/);
  });

  it('runs a module with arguments', async () => {
    const motd = ['hv1', 'copy', 'content=tuned\n', 'dest=/etc/motd', 'mode=0644'];
    const run = fine(await hostwright(lab, 'run', ...motd));
    assert.equal(run.counts.changed, 1);
    assert.equal(await lab.sh('cat /etc/motd'), 'tuned');
    converged(await hostwright(lab, 'run', ...motd));
  });

  it('tells facts', async () => {
    const { code, stdout } = await cli(['facts', 'hv1', '-i', lab.inventoryFile]);
    assert.equal(code, 0);
    assert.match(stdout, /winlike/);
  });

  it('lists the guests of a hypervisor as an inventory', async () => {
    const { code, stdout } = await cli(['inventory', '--guests', 'hypervisors', '-i', lab.inventoryFile]);
    assert.equal(code, 0);
    const list = JSON.parse(stdout) as Record<string, { hosts: string[] }> & {
      _meta: { hostvars: Record<string, Record<string, string>> };
    };
    assert.deepEqual(list.guests_of_hv1!.hosts, ['vm1', 'vm2', 'winlike']);
    assert.deepEqual(list.guests_shut_off!.hosts, ['vm1', 'vm2', 'winlike']);
    assert.equal(list._meta.hostvars.vm1!.uuid, await lab.sh('virsh domuuid vm1'));
  });

  it('runs a role with k=v, first in check mode with a diff', async () => {
    const role = ['hv1', 'lvm-pool', 'vg=vmpool', `devices=${device}`, 'extent_size=128M'];
    const volumes = 'volumes=[{"name": "vm1", "size": "1G"}]';
    const before = await lookAt(lab);
    const { code, stdout } = await cli(['role', ...role, volumes, '--check', '--diff', '-i', lab.inventoryFile]);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /\+extent size: 128 MiB/);
    assert.match(stdout, /\+ .*virtio-HWDATA1 .*serial HWDATA1/);
    await assertUntouched(lab, before, 'check mode');
    fine(await hostwright(lab, 'role', ...role, volumes));
    assert.equal(await lab.sh('lvs --noheadings --units m -o lv_name,lv_size | xargs'), 'vm1 1024.00m');
    assert.equal(await lab.sh('vgs --noheadings --units m -o vg_extent_size | xargs'), '128.00m');
    converged(await hostwright(lab, 'role', ...role, volumes));
  });
});
