import assert from 'node:assert/strict';
import { editByHand, pidOf } from './guest.ts';
import { converged, fine, play, refusal, rolePlay, taskPlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { proveRole } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

const pages = '/sys/devices/system/node/node*/hugepages/hugepages-1048576kB';
const pagesOf = (kind: string) => `cat ${pages}/${kind}_hugepages | xargs`;
const consent = ['--allow', 'reboot', '--allow', 'guest-restart'];

describe('the role hugepages in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'hugepages', 'nodes');
    // The line of somebody else, which must stay as it is and keep its effect.
    await lab.sh(
      `sed -i 's/^GRUB_CMDLINE_LINUX_DEFAULT=.*/GRUB_CMDLINE_LINUX_DEFAULT="quiet lab.mine=1"/' /etc/default/grub`,
    );
    await lab.sh('update-grub 2>&1');
    await lab.startGuest('vm1');
    await lab.save('running');
  });
  after(async () => await lab?.stop());

  function huge(more: object): object[] {
    return rolePlay('hugepages', { total: '2G', reserve: '1G', domains: [{ name: 'vm2' }], ...more });
  }

  it('refuses what would starve the host', async () => {
    const before = await lookAt(lab);
    assert.match(refusal(await play(lab, huge({ total: '64G' }), ...consent)), /64 GiB of huge pages do not fit/);
    const node = huge({ total: null, per_node: { 0: '4G' }, size: '1G' });
    assert.match(refusal(await play(lab, node, ...consent)), /do not fit/);
    const defaults = huge({ total: '4G', reserve: 'auto', size: '1G' });
    assert.match(refusal(await play(lab, defaults, ...consent)), /do not fit: the host has/);
    await assertUntouched(lab, before, 'the refused run');
  });

  it('does not reboot over running guests unless it is told what to do with them', async () => {
    const boot = await lab.sh('cat /proc/sys/kernel/random/boot_id');
    const pid = await pidOf(lab, 'vm1');
    assert.match(refusal(await play(lab, taskPlay({ reboot: {} }), ...consent)), /1 guest runs: vm1/);
    const drain = taskPlay({ reboot: { guests: 'shutdown' } });
    assert.match(refusal(await play(lab, drain, '--allow', 'reboot')), /it needs consent: guest-restart of vm1/);
    assert.equal(await lab.sh('cat /proc/sys/kernel/random/boot_id'), boot);
    assert.equal(await pidOf(lab, 'vm1'), pid);
  });

  it('starts the guests again where one of them does not shut down, and does not reboot', async () => {
    const boot = await lab.sh('cat /proc/sys/kernel/random/boot_id');
    const pid = await pidOf(lab, 'vm1');
    // It has no system that would obey.
    await lab.sh('virsh -q start winlike');
    const reboot = { reboot: { guests: 'shutdown', guests_timeout: 90 } };
    const run = await play(lab, taskPlay(reboot), ...consent);
    assert.equal(run.code, 2);
    const [failed] = run.events.filter(event => event.type === 'task.finished');
    assert.match(
      failed?.result.message ?? '',
      /did not shut down in time, and may do so later:\nwinlike\n+started again: vm1$/,
    );
    assert.equal(await lab.sh('virsh domstate vm1 | xargs'), 'running');
    assert.notEqual(await pidOf(lab, 'vm1'), pid);
    assert.equal(await lab.sh('cat /proc/sys/kernel/random/boot_id'), boot);
    await lab.sh('virsh -q destroy winlike');
  });

  it('stays pending without consent, run after run', async () => {
    const boot = await lab.sh('cat /proc/sys/kernel/random/boot_id');
    const first = fine(await play(lab, huge({})));
    assert.ok(first.changed.includes('The kernel makes them at boot'));
    const second = converged(await play(lab, huge({})));
    for (const { pending } of [first, second])
      assert.deepEqual([...new Set(pending.map(({ kind }) => kind))], ['reboot']);
    assert.equal(await lab.sh('cat /proc/sys/kernel/random/boot_id'), boot);
  });

  it('makes pages of 1 GiB by a real reboot that sees to the guests, and guests run on them', async () => {
    await lab.restore('running');
    const boot = await lab.sh('cat /proc/sys/kernel/random/boot_id');
    const settings = await lab.sh('md5sum /etc/default/grub /etc/default/grub.d/10_lab.cfg');
    await proveRole(lab, {
      playbook: huge({}),
      arguments: consent,
      proof: async () => {
        assert.notEqual(await lab.sh('cat /proc/sys/kernel/random/boot_id'), boot);
        const line = ` ${await lab.sh('cat /proc/cmdline')} `;
        for (const token of ['quiet', 'lab.mine=1', 'console=ttyS0,115200', 'hugepagesz=1G']) {
          assert.ok(line.includes(` ${token} `), `${token} is not in ${line}`);
        }
        assert.equal(await lab.sh('md5sum /etc/default/grub /etc/default/grub.d/10_lab.cfg'), settings);
        assert.equal(await lab.sh(pagesOf('nr')), '1 1');
        assert.match(await lab.sh('grep Hugetlb /proc/meminfo'), /Hugetlb: +2097152 kB/);
        assert.equal(await lab.sh('systemctl is-system-running'), 'running');
      },
      disturb: async () => {
        await lab.sh(`rm /etc/default/grub.d/zz-hostwright.cfg; echo 0 > ${pages.replace('*', '1')}/nr_hugepages`);
        await editByHand(lab, 'vm2', `'/<memoryBacking>/,/<.memoryBacking>/d'`);
      },
      // The page that was given back may be in pieces by now: then only a reboot makes it whole.
      mayFix: ['Reboot for kernel parameters', 'Start the guests that ran before [vm1]'],
      fixes: ['The kernel makes them at boot', 'The running host has them', 'Guests get their memory from them [vm2]'],
    });
    assert.match(await lab.sh('cat /var/log/libvirt/qemu/vm1-console.log'), /the power button was pressed/);
    await lab.startGuest('vm2');
    const sizes = `grep KernelPageSize /proc/${await pidOf(lab, 'vm2')}/smaps | sort | uniq -c`;
    assert.match(await lab.sh(sizes), /KernelPageSize: +1048576 kB/);
    assert.match(await lab.sh(pagesOf('free')), /^(0 1|1 0)$/);
    converged(await play(lab, huge({}), ...consent));
  });

  it('starts the guests again that ran before the reboot', async () => {
    assert.equal(await lab.sh('virsh domstate vm1 | xargs'), 'running');
  });
});
