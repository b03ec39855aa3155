import assert from 'node:assert/strict';
import { disks } from './disk-hash.ts';
import { fine, play, refusal, rolePlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { proveRole } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

const active = 'The profile is active, and logical volumes keep their read-ahead';
const profile = '/etc/tuned/profiles/hostwright-host/tuned.conf';
const readAhead = 'blockdev --getra /dev/vmpool/vm1';

describe('the role tuned-profile in the lab', function () {
  this.timeout(1_200_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'tuned-profile');
    const volumes = [{ name: 'vm1', size: '512M', readahead: 'none' }];
    fine(await play(lab, rolePlay('lvm-pool', { vg: 'vmpool', devices: [disks.empty], volumes })));
  });
  after(async () => await lab?.stop());

  it('tunes the host, and logical volumes keep their read-ahead', async () => {
    assert.equal(await lab.sh(readAhead), '0');
    await proveRole(lab, {
      playbook: 'playbooks/tuned-profile.yml',
      proof: async () => {
        assert.equal(await lab.sh('tuned-adm active'), 'Current active profile: hostwright-host');
        assert.match(await lab.sh('tuned-adm verify'), /Verification succeeded/);
        assert.equal(await lab.sh(readAhead), '0');
        // What comes from the profile that is built on: also that disks read ahead.
        assert.equal(await lab.sh('sysctl -n vm.swappiness vm.dirty_background_ratio | xargs'), '10 5');
        assert.equal(await lab.sh('blockdev --getra /dev/vda'), '8192');
      },
      disturb: async () => {
        await lab.sh(`echo '#' >> ${profile}`);
      },
      fixes: [active],
    });
    await lab.reboot();
    await lab.sh(
      'i=0; until tuned-adm active | grep -q hostwright-host; do i=$((i + 1)); [ $i -lt 60 ]; sleep 1; done',
    );
    assert.equal(await lab.sh('sysctl -n vm.dirty_background_ratio'), '5');
    assert.equal(await lab.sh(readAhead), '0');
  });

  it('without the exclusion the read-ahead would be raised, and comes back with it', async () => {
    fine(await play(lab, rolePlay('tuned-profile', { exclude_dm_readahead: false })));
    assert.equal(await lab.sh('tuned-adm active'), 'Current active profile: virtual-host');
    assert.equal(await lab.sh(readAhead), '8192');
    fine(await play(lab, 'playbooks/tuned-profile.yml'));
    assert.equal(await lab.sh(readAhead), '0');
  });

  it('says what differs from the profile, or fails', async () => {
    await lab.sh('sysctl -qw vm.swappiness=60');
    const said = fine(await play(lab, 'playbooks/tuned-profile.yml'));
    const differs = /^The host differs from the profile: 'vm.swappiness' = '60', expected '10'$/;
    assert.match(said.result('What differs from the profile').message, differs);
    assert.match(
      refusal(await play(lab, rolePlay('tuned-profile', { verify: 'fail' }))),
      /'vm.swappiness' = '60', expected/,
    );
    await lab.sh('sysctl -qw vm.swappiness=10');
  });

  it('refuses to replace what somebody has chosen, and other programs that switch profiles', async () => {
    await lab.sh('tuned-adm profile powersave');
    const before = await lookAt(lab);
    const run = await play(lab, 'playbooks/tuned-profile.yml');
    assert.match(
      refusal(run),
      /somebody has chosen the profile powersave on this host; tuned itself would take virtual-guest/,
    );
    assert.match(refusal(await play(lab, rolePlay('tuned-profile', { profile: 'none-such' }))), /no profile none-such/);
    await assertUntouched(lab, before, 'the refused run');
    fine(await play(lab, rolePlay('tuned-profile', { replace: true })));
    assert.equal(await lab.sh('tuned-adm active'), 'Current active profile: hostwright-host');

    await lab.sh('systemd-run -q --unit=power-profiles-daemon.service sleep infinity');
    assert.match(refusal(await play(lab, 'playbooks/tuned-profile.yml')), /power-profiles-daemon.service runs/);
    await lab.sh('systemctl stop power-profiles-daemon.service');
    await lab.sh('systemctl stop tuned');
    fine(await play(lab, 'playbooks/tuned-profile.yml'));
    assert.equal(await lab.sh('systemctl is-active tuned'), 'active');
  });
});
