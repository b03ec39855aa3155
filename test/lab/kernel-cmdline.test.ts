import assert from 'node:assert/strict';
import { fine, hostwright, mistake, play, refusal, rolePlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { proveRole } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

const parameters = 'The next boot has the parameters';
const dropIn = '/etc/default/grub.d/zz-hostwright.cfg';

describe('the role kernel-cmdline in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'kernel-cmdline');
    // The line of somebody else, which must stay as it is and keep its effect.
    await lab.sh(
      `sed -i 's/^GRUB_CMDLINE_LINUX_DEFAULT=.*/GRUB_CMDLINE_LINUX_DEFAULT="quiet lab.mine=1"/' /etc/default/grub`,
    );
    await lab.sh('update-grub 2>&1');
  });
  after(async () => await lab?.stop());

  it('refuses what would end badly, before the run where it can', async () => {
    const before = await lookAt(lab);
    const role = (given: object) => ({ role: 'kernel-cmdline', ...given });
    const roles = [role({ parameters: { 'lab.one': 1 } }), role({ parameters: ['lab.one=2'] })];
    const two = mistake(await play(lab, [{ hosts: 'hypervisors', roles }]));
    assert.match(two, /lab\.one of kernel command line on .* is "lab\.one=2" here, and "lab\.one=1"/);
    const gone = [role({ parameters: { 'lab.one': 1 } }), role({ absent: ['lab.one'] })];
    assert.match(mistake(await play(lab, [{ hosts: 'hypervisors', roles: gone }])), /"\(absent\)" here/);
    const root = rolePlay('kernel-cmdline', { parameters: { root: '/dev/sdz1' } });
    assert.match(mistake(await play(lab, root)), /decides whether the host boots/);
    const theirs = rolePlay('kernel-cmdline', { parameters: { 'lab.mine': 2 } });
    assert.match(refusal(await play(lab, theirs)), /\/etc\/default\/grub:\d+ sets lab\.mine=1 already/);
    const pages = rolePlay('kernel-cmdline', { parameters: ['hugepagesz=3M', 'hugepages=4'] });
    assert.match(refusal(await play(lab, pages)), /no huge pages of 3M\nIt has 2 MiB, 1 GiB/);
    await assertUntouched(lab, before, 'the refused run');
  });

  const menus: Record<string, [file: string, text: string, says: RegExp]> = {
    'is not valid': [
      '/etc/grub.d/99_lab',
      '#!/bin/sh\\necho "menuentry broken {"\\n',
      /the rendered menu is not valid/,
    ],
    'has another entry': [
      '/etc/grub.d/99_lab',
      '#!/bin/sh\\necho "menuentry more { true"; echo "}"\\n',
      /the menu would have \d+ entries instead of/,
    ],
    'boots another root': [
      '/etc/default/grub.d/50_lab.cfg',
      'GRUB_DISABLE_LINUX_UUID=true\\n',
      /the menu would boot root=/,
    ],
  };
  for (const [what, [file, text, says]] of Object.entries(menus)) {
    it(`writes no menu that ${what}`, async () => {
      await lab.sh(`printf '${text}' > ${file}; chmod 755 ${file}`);
      try {
        const before = await lookAt(lab);
        assert.match(refusal(await play(lab, rolePlay('kernel-cmdline', { parameters: { 'lab.one': 1 } }))), says);
        await assertUntouched(lab, before, 'the refused run');
      } finally {
        await lab.sh(`rm ${file}`);
      }
    });
  }

  it('refuses what a profile of tuned sets', async () => {
    await lab.sh(`mkdir /etc/tuned; echo 'TUNED_BOOT_CMDLINE="lab.one=2"' > /etc/tuned/bootcmdline`);
    const one = rolePlay('kernel-cmdline', { parameters: { 'lab.one': 1 } });
    assert.match(refusal(await play(lab, one)), /a profile of tuned sets lab\.one=2 \(\/etc\/tuned\/bootcmdline:1\)/);
    await lab.sh('rm -r /etc/tuned');
  });

  it('shares one drop-in with hugepages, and one reboot', async () => {
    const boot = await lab.sh('cat /proc/sys/kernel/random/boot_id');
    const user = await lab.sh('md5sum /etc/default/grub /etc/default/grub.d/10_lab.cfg');
    const roles = [
      { role: 'kernel-cmdline', parameters: { 'lab.one': 1, 'lab.flag': true } },
      { role: 'hugepages', size: '2M', total: '64M', reserve: '1G' },
    ];
    await proveRole(lab, {
      playbook: [{ hosts: 'hypervisors', roles }],
      arguments: ['--allow', 'reboot'],
      proof: async () => {
        assert.notEqual(await lab.sh('cat /proc/sys/kernel/random/boot_id'), boot);
        const live = ` ${await lab.sh('cat /proc/cmdline')} `;
        const entry = ` ${await lab.sh("grep -m 1 '^[[:space:]]*linux' /boot/grub/grub.cfg")} `;
        for (const token of ['quiet', 'lab.mine=1', 'lab.one=1', 'lab.flag', 'hugepagesz=2M', 'hugepages=32']) {
          for (const line of [live, entry]) assert.ok(line.includes(` ${token} `), `${token} is not in ${line}`);
        }
        assert.equal(await lab.sh('md5sum /etc/default/grub /etc/default/grub.d/10_lab.cfg'), user);
        const recovery = await lab.sh("grep '^[[:space:]]*linux.* single' /boot/grub/grub.cfg || :");
        assert.doesNotMatch(recovery, /lab\.one/);
        assert.equal(await lab.sh('systemctl is-system-running'), 'running');
      },
      disturb: async () => {
        await lab.sh(`sed -i 's/ lab.one=1//; s/lab.one=1 //' ${dropIn}; update-grub 2>&1`);
      },
      fixes: [parameters],
    });
  });

  it('takes out what must not be there, and leaves what is of others', async () => {
    const absent = rolePlay('kernel-cmdline', { absent: ['lab.one'] });
    const run = fine(await play(lab, absent));
    assert.deepEqual(run.changed, [parameters]);
    assert.deepEqual([...new Set(run.pending.map(({ kind }) => kind))], ['reboot']);
    const text = await lab.sh(`cat ${dropIn}`);
    assert.doesNotMatch(text, /lab\.one/);
    assert.match(text, /lab\.flag .*hugepages=32|hugepages=32 .*lab\.flag/);
  });

  it('are put back as a run found them, with the boot entry', async () => {
    const text = await lab.sh(`cat ${dropIn}`);
    const other = rolePlay('kernel-cmdline', { parameters: { 'lab.one': 3 }, absent: ['lab.flag'] });
    const run = fine(await play(lab, other));
    const [start] = run.events;
    assert.ok(start?.type === 'run.started' && start.run !== undefined);
    const restored = fine(await hostwright(lab, 'restore', start.run));
    assert.equal(restored.changed.length, 1);
    assert.equal(await lab.sh(`cat ${dropIn}`), text);
    const entry = ` ${await lab.sh("grep -m 1 '^[[:space:]]*linux' /boot/grub/grub.cfg")} `;
    assert.match(entry, / lab\.flag /);
    assert.doesNotMatch(entry, /lab\.one/);
    const again = fine(await hostwright(lab, 'restore', start.run));
    assert.deepEqual(again.changed, []);
  });
});
