import assert from 'node:assert/strict';
import { kernelCmdline } from '../../src/modules/kernel_cmdline/kernel_cmdline.ts';
import { libvirtDomain } from '../../src/modules/libvirt_domain/libvirt_domain.ts';
import { libvirtUnusedFiles } from '../../src/modules/libvirt_unused_files/libvirt_unused_files.ts';
import { lvmVolumeGroup } from '../../src/modules/lvm_vg/lvm_vg.ts';
import type { AnyModule } from '../../src/modules/module.ts';
import { reboot } from '../../src/modules/reboot/reboot.ts';
import { play } from '../run/engine.ts';
import { disks } from './disk-hash.ts';
import type { Lab } from './lab.ts';
import { raced } from './raced-module.ts';
import { startTestLab } from './test-lab.ts';

const dropIn = '/etc/default/grub.d/zz-hostwright.cfg';
const theirs = 'GRUB_CMDLINE_LINUX_DEFAULT="${GRUB_CMDLINE_LINUX_DEFAULT:+$GRUB_CMDLINE_LINUX_DEFAULT }lab.theirs=1"';
const image = '/var/lib/libvirt/images/virtio-win-9.iso';

type Race = {
  module: AnyModule;
  args: object;
  /** What somebody does between look and apply. */
  somebody: string;
  /** Commands that succeed as long as no damage is done. */
  unharmed: string;
  prepare?: string;
};

const races: Record<string, Race> = {
  'a disk that somebody writes to is not taken': {
    module: lvmVolumeGroup,
    args: { vg: 'raced', devices: [disks.empty] },
    // Without a signature: LVM itself would ask about one.
    somebody: `printf 'a raw database' | dd of=${disks.empty} bs=1 seek=4096 conv=notrunc,fsync`,
    unharmed: `dd if=${disks.empty} bs=1 skip=4096 count=14 | grep -q 'a raw database' && [ -z "$(pvs --noheadings)" ]`,
  },
  "another owner's kernel parameter stays": {
    module: kernelCmdline,
    args: { parameters: ['lab.ours=1'] },
    somebody: `echo '${theirs}' >${dropIn}`,
    unharmed: `grep -q lab.theirs=1 ${dropIn} && grep -q lab.theirs=1 /boot/grub/grub.cfg`,
  },
  'an edit of a definition by somebody else stays': {
    module: libvirtDomain,
    args: { name: 'vm1', iothreads: 1 },
    somebody: 'virsh -q desc vm1 --config --title edited meanwhile',
    unharmed: "virsh dumpxml --inactive vm1 | grep -q 'edited meanwhile'",
  },
  'an image that somebody attaches is not removed': {
    module: libvirtUnusedFiles,
    args: { directory: '/var/lib/libvirt/images', pattern: 'virtio-win-*.iso' },
    prepare: `echo image > ${image}`,
    somebody: `virsh -q change-media winlike sdb ${image} --insert --config`,
    unharmed: `test -f ${image} && virsh domblklist winlike --inactive | grep -q ${image}`,
  },
  'a host on which somebody starts a guest is not rebooted': {
    module: reboot,
    args: { reboot_timeout: 10 },
    // A reboot that does not come about, but leaves a trace: what is to be seen is whether it is
    // ordered.
    prepare: `printf '#!/bin/sh\n[ "$1" != reboot ] || exec touch /run/rebooted\nexec /usr/bin/systemctl "$@"\n' > /usr/local/bin/systemctl
chmod 755 /usr/local/bin/systemctl`,
    somebody: 'virsh -q start winlike',
    unharmed: 'sleep 3; test ! -e /run/rebooted',
  },
};

describe('guards in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'guards');
    await lab.save('stock');
  });
  beforeEach(async () => await lab.restore('stock'));
  after(async () => await lab?.stop());

  /** Whether no damage was done by the task that was raced. */
  async function survives(
    { args, module, prepare = ':', somebody, unharmed }: Race,
    guarded: boolean,
  ): Promise<boolean> {
    await lab.sh(prepare);
    const tasks = [{ name: 'it', raced: args }];
    const run = await play(JSON.stringify([{ hosts: 'hypervisors', tasks }]), {
      inventory: [lab.inventoryFile],
      connection: 'ssh',
      modules: [raced(module, somebody, guarded)],
      allow: ['reboot', 'guest-restart'],
    });
    await lab.sh('test -e /run/raced').catch(() => assert.fail(`nothing was applied: ${run.result('it').message}`));
    return (await lab.ssh(unharmed)).code === 0;
  }

  for (const [what, race] of Object.entries(races)) {
    it(what, async () => assert.ok(await survives(race, true)));
    it(`without its guard: ${what}? No`, async () => assert.equal(await survives(race, false), false));
  }
});
