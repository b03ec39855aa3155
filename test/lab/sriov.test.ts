import assert from 'node:assert/strict';
import { fine, play, refusal, rolePlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { proveRole } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

const pf = '0000:01:00.0';
const at = `/sys/bus/pci/devices/${pf}`;
const rules = '/etc/udev/rules.d/66-hostwright-sriov.rules';
const task = `Cards have their virtual functions [${pf}]`;
const consent = ['--allow', 'service-interruption'];

/**
 * A PCIe machine with an IOMMU and an NVMe controller that has SR-IOV; its disk forgets what is
 * written.
 */
const devices = [
  ...['-machine', 'q35', '-device', 'intel-iommu', '-device', 'pcie-root-port,id=port1,chassis=1,slot=1'],
  ...[
    '-blockdev',
    'driver=null-co,node-name=disk,size=268435456,read-zeroes=on',
    '-device',
    'nvme-subsys,id=subsystem',
  ],
  '-device',
  'nvme,id=controller,bus=port1,subsys=subsystem,serial=HWNVME,sriov_max_vfs=4,sriov_vq_flexible=8,sriov_vi_flexible=4,max_ioqpairs=10,msix_qsize=9',
  ...['-device', 'nvme-ns,drive=disk,bus=controller'],
];

describe('the role sriov in the lab, on an NVMe controller', function () {
  this.timeout(1_200_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'sriov', 'small', devices);
  });
  after(async () => await lab?.stop());

  function role(numvfs: number, more: object = {}): object[] {
    return rolePlay('sriov', { devices: [{ pf, numvfs, ...more }], require_iommu: true });
  }
  async function functions(): Promise<string[]> {
    return (await lab.sh(`for vf in ${at}/virtfn*; do [ ! -e $vf ] || basename $(readlink -f $vf); done`)).split('\n');
  }

  it('refuses what is not a card, what has no SR-IOV, and more than there are', async () => {
    const before = await lookAt(lab);
    const none = rolePlay('sriov', { devices: [{ pf: 'ens9f9', numvfs: 2 }] });
    assert.match(refusal(await play(lab, none)), /there is no device ens9f9/);
    const name = await lab.sh("ip -o route show default | sed 's/.* dev \\([^ ]*\\).*/\\1/'");
    const plain = rolePlay('sriov', { devices: [{ pf: name, numvfs: 2 }] });
    assert.match(refusal(await play(lab, plain)), /0000:00:\S+ has no SR-IOV/);
    assert.match(refusal(await play(lab, role(5))), /has at most 4 virtual functions, not 5/);
    await lab.sh(`echo 'KERNEL=="${pf}", ATTR{sriov_numvfs}="1"' > /etc/udev/rules.d/70-site.rules`);
    assert.match(refusal(await play(lab, role(2))), /70-site.rules sets another number/);
    await lab.sh('rm /etc/udev/rules.d/70-site.rules');
    assert.equal((await lookAt(lab)).text, before.text);
    assert.equal(await lab.sh(`cat ${at}/sriov_numvfs`), '0');
  });

  it('makes functions, live and stored, which no driver of the host takes', async () => {
    await proveRole(lab, {
      playbook: role(2, { autoprobe: false }),
      proof: async run => {
        assert.equal(await lab.sh(`cat ${at}/sriov_numvfs ${at}/sriov_drivers_autoprobe`), '2\n0');
        assert.deepEqual(await functions(), ['0000:01:00.1', '0000:01:00.2']);
        const described = await lab.sh('virsh nodedev-dumpxml pci_0000_01_00_0');
        assert.match(
          described,
          /<capability type='virt_functions' maxCount='4'>\s*(<address [^>]*>\s*){2}<\/capability>/,
        );
        assert.equal(
          await lab.sh('ls -d /sys/bus/pci/devices/0000:01:00.[12]/driver 2>/dev/null || echo none'),
          'none',
        );
        assert.match(await lab.sh(`cat ${rules}`), /ATTR\{sriov_drivers_autoprobe\}="0", ATTR\{sriov_numvfs\}="2"/);
        assert.equal(run.items('Cards have their virtual functions')[pf]!.fields.iommu, true);
      },
      disturb: async () => {
        await lab.sh(`echo 0 > ${at}/sriov_numvfs && sed -i s/numvfs}=.*/numvfs}=\\"1\\"/ ${rules}`);
      },
      fixes: [task],
    });
    // Without the module: udev alone makes them.
    await lab.sh(`echo 0 > ${at}/sriov_numvfs && echo 1 > ${at}/sriov_drivers_autoprobe`);
    await lab.sh(`udevadm trigger --action=add ${at} && udevadm settle`);
    assert.equal(await lab.sh(`cat ${at}/sriov_numvfs ${at}/sriov_drivers_autoprobe`), '2\n0');
  });

  it('does not take away functions that are in use, and asks for those that are not', async () => {
    const vf = '/sys/bus/pci/devices/0000:01:00.1';
    await lab.sh(
      `modprobe vfio-pci && echo vfio-pci > ${vf}/driver_override && echo 0000:01:00.1 > /sys/bus/pci/drivers_probe`,
    );
    const before = await lookAt(lab);
    const used = refusal(await play(lab, role(3, { autoprobe: false }), ...consent));
    assert.match(used, /in use: 0000:01:00.1 is bound to vfio-pci/);
    assert.match(refusal(await play(lab, role(0), ...consent)), /bound to vfio-pci/);
    await assertUntouched(lab, before, 'the refused run');
    assert.equal(await lab.sh(`cat ${at}/sriov_numvfs; basename $(readlink ${vf}/driver)`), '2\nvfio-pci');

    await lab.sh('echo 0000:01:00.1 > /sys/bus/pci/drivers/vfio-pci/unbind');
    const hostdev = `<hostdev mode="subsystem" type="pci" managed="yes"><source><address domain="0" bus="1" slot="0" function="1"/></source></hostdev>`;
    await lab.sh(`echo '${hostdev}' > /root/hostdev.xml && virsh -q attach-device winlike /root/hostdev.xml --config`);
    const asks = refusal(await play(lab, role(3, { autoprobe: false })));
    assert.match(asks, /service-interruption/);
    assert.match(asks, /winlike cannot start until they are back/);
    assert.equal(await lab.sh(`cat ${at}/sriov_numvfs`), '2');
    assert.deepEqual(fine(await play(lab, role(3, { autoprobe: false }), ...consent)).changed, [task]);
    assert.deepEqual((await functions()).length, 3);
  });

  it('has them again after a reboot', async () => {
    await lab.reboot();
    await lab.sh('udevadm settle');
    assert.equal(await lab.sh(`cat ${at}/sriov_numvfs ${at}/sriov_drivers_autoprobe`), '3\n0');
    assert.deepEqual(fine(await play(lab, role(3, { autoprobe: false }))).changed, []);
    fine(await play(lab, role(0), ...consent));
    assert.deepEqual(await functions(), ['']);
    assert.equal(await lab.sh(`cat ${rules}`), '');
  });
});
