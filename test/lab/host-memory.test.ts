import assert from 'node:assert/strict';
import { pidOf } from './guest.ts';
import { fine, play, refusal, rolePlay, taskPlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { proveRole } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

const merging = 'Equal pages are merged, or not';
const run = '/sys/kernel/mm/ksm/run';
const sharing = '/sys/kernel/mm/ksm/pages_sharing';
const thp = '/sys/kernel/mm/transparent_hugepage/enabled';

describe('the role host-memory in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'host-memory');
    await lab.startGuest('vm1');
  });
  after(async () => await lab?.stop());

  it('refuses guests that do not fit and strict accounting, and otherwise only says so', async () => {
    const before = await lookAt(lab);
    const greedy = { reserve: '64G' };
    assert.match(
      refusal(await play(lab, rolePlay('host-memory', { ...greedy, overcommit_check: 'fail' }))),
      /the guests do not fit: \d+ guests? takes? .* the host keeps 6\d\.\d GiB of 5\.\d GiB/,
    );
    const warned = fine(await play(lab, rolePlay('host-memory', greedy)));
    assert.equal(warned.counts.changed, 0);
    assert.match(warned.result('Memory is promised more than once').message, /do not fit/);
    const choice = taskPlay({ sysfs: { path: thp, value: 'sometimes' } });
    assert.match(refusal(await play(lab, choice)), /the kernel offers always, madvise, never/);
    await assertUntouched(lab, before, 'the refused run');

    await lab.sh('sysctl -qw vm.overcommit_memory=2 vm.overcommit_ratio=100');
    assert.match(refusal(await play(lab, rolePlay('host-memory', { reserve: '1G' }))), /vm.overcommit_memory is 2/);
    await lab.sh('sysctl -qw vm.overcommit_memory=0 vm.overcommit_ratio=50');
  });

  it('sets what is given, now and at boot, next to a running guest', async () => {
    const pid = await pidOf(lab, 'vm1');
    await lab.sh(`echo always > ${thp}; sysctl -qw kernel.task_delayacct=1`);
    await proveRole(lab, {
      playbook: rolePlay('host-memory', {
        ...{ reserve: '1G', ksm: 'off', thp: 'madvise', swappiness: 10, delay_accounting: false },
      }),
      proof: async () => {
        assert.match(await lab.sh(`cat ${run} ${sharing} | xargs`), /^[02] 0$/);
        assert.match(await lab.sh(`cat ${thp}`), /\[madvise\]/);
        assert.equal(await lab.sh('sysctl -n vm.swappiness kernel.task_delayacct | xargs'), '10 0');
        assert.equal(await pidOf(lab, 'vm1'), pid);
      },
      disturb: async () => {
        await lab.sh(`echo 1 > ${run}; echo never > ${thp}; sysctl -qw vm.swappiness=60`);
        await lab.sh(`sed -i '/transparent_hugepage/d' /etc/tmpfiles.d/hostwright.conf`);
      },
      fixes: [merging, 'Transparent huge pages', 'When the kernel swaps'],
    });

    // What happens at boot, without the modules.
    await lab.sh(`echo 1 > ${run}; echo never > ${thp}; sysctl -qw vm.swappiness=60`);
    await lab.sh('systemd-tmpfiles --create /etc/tmpfiles.d/hostwright.conf && /usr/lib/systemd/systemd-sysctl');
    assert.equal((await lab.sh(`cat ${run}`)).trim(), '0');
    assert.match(await lab.sh(`cat ${thp}`), /\[madvise\]/);
    assert.equal(await lab.sh('sysctl -n vm.swappiness | xargs'), '10');
  });
});
