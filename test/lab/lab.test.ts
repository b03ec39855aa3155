import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { waitForWrite } from './guest.ts';
import { serveIso } from './iso-server.ts';
import { type Lab, passwords, startLab } from './lab.ts';
import { labObstacle } from './obstacle.ts';
import { showProgress } from './progress.ts';

describe('the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    if (labObstacle('13')) this.skip();
    lab = await startLab({ name: 'test-lab', progress: showProgress() });
  });
  after(async () => await lab?.stop());

  it('is a stock hypervisor with an empty disk and one that carries data', async () => {
    assert.equal(await lab.sh('. /etc/os-release; echo $VERSION_ID'), '13');
    const disks = (await lab.sh('lsblk -dno SERIAL,SIZE,FSTYPE')).split('\n').map(line => line.trim().split(/ +/));
    assert.deepEqual(disks, [
      ['HWSYSTEM', '10G'],
      ['HWDATA1', '20G'],
      ['HWDATA2', '2G', 'ext4'],
    ]);
    await lab.sh('test -b /dev/disk/by-id/virtio-HWDATA1');
    assert.equal(await lab.sh('wipefs --noheadings /dev/disk/by-id/virtio-HWDATA1'), '');
    assert.equal(await lab.sh('vgs --noheadings; cat /proc/sys/vm/nr_hugepages'), '0');
    assert.doesNotMatch(await lab.sh('cat /proc/cmdline'), /hugepages|isolcpus/);
    assert.equal(await lab.sh('systemctl is-system-running'), 'running');
  });

  it('has a clock that is right', async () => {
    assert.ok(Math.abs(Number(await lab.sh('date +%s')) - Date.now() / 1000) < 10);
  });

  it('does nothing by the clock, which a test would take for its own work', async () => {
    assert.equal(await lab.sh('systemctl list-timers --all --no-legend'), '');
  });

  it('has users for every way to become root', async () => {
    assert.equal((await lab.ssh('sudo -n id -u', 'admin')).stdout, '0\n');
    assert.equal((await lab.ssh('doas -n id -u', 'admin')).stdout, '0\n');
    assert.notEqual((await lab.ssh('sudo -n true', 'operator')).code, 0);
    assert.equal((await lab.ssh('sudo -S -p "" id -u', 'operator', `${passwords.operator}\n`)).stdout, '0\n');
    assert.equal((await lab.ssh('su -c "id -u"', 'admin', `${passwords.root}\n`)).stdout, '0\n');
  });

  it('writes an inventory that names it', () => {
    const inventory = parse(readFileSync(lab.inventoryFile, 'utf8'));
    assert.equal(inventory.hypervisors.hosts.hv1.ansible_port, lab.port);
  });

  it('has untuned guests, one of them with parts that belong to others', async () => {
    assert.equal(await lab.sh('virsh -q list --all --name | sort | xargs'), 'vm1 vm2 winlike');
    for (const name of ['vm1', 'vm2', 'winlike']) {
      const xml = await lab.sh(`virsh dumpxml --inactive ${name}`);
      assert.doesNotMatch(xml, /iothread|cputune|numatune|memoryBacking/);
    }
    const vm1 = await lab.sh('virsh dumpxml --inactive --security-info vm1');
    for (const part of ['<panel:plan>nvme-2<', '<qemu:arg value=', "passwd='s3cretvn'"]) assert.ok(vm1.includes(part));
  });

  it('runs a guest that writes to its disk and ends when it is told to', async () => {
    await lab.startGuest('vm1');
    assert.match(await lab.sh('virsh dominfo vm1'), /State:\s+running/);
    await waitForWrite(lab, 'vm1');
    await lab.sh(
      'virsh -q shutdown vm1; timeout 30 sh -c "until virsh domstate vm1 | grep -q off; do sleep 0.5; done"',
    );
    assert.match(await lab.sh('cat /var/log/libvirt/qemu/vm1-console.log'), /the power button was pressed/);
  });

  it('reaches a server of the test, which gives it an ISO image', async () => {
    const server = await serveIso('lab.iso');
    try {
      const sum = await lab.sh(`curl -sSf -o /tmp/lab.iso ${server.url} && sha256sum < /tmp/lab.iso`);
      assert.equal(sum.split(' ')[0], server.sha256);
      await lab.sh('mount -o loop,ro /tmp/lab.iso /mnt');
      assert.equal(await lab.sh('cat /mnt/readme.txt; umount /mnt'), 'A small image of the lab.');
    } finally {
      await server.stop();
    }
  });

  it('goes back to a saved condition, guests and all, and to the stock one', async () => {
    await lab.startGuest('vm1');
    await lab.sh('touch /root/kept');
    await lab.save('kept');
    await lab.sh('virsh -q destroy vm1; rm /root/kept; touch /root/later');
    await lab.restore('kept');
    assert.equal(await lab.sh('ls /root; virsh domstate vm1 | xargs'), 'kept\nrunning');
    await lab.restore();
    assert.equal(await lab.sh('ls /root; virsh domstate vm1 | xargs'), 'shut off');
  });

  it('reboots through GRUB, with what update-grub was told', async () => {
    const bootId = await lab.sh('cat /proc/sys/kernel/random/boot_id');
    await lab.sh('echo \'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX lab.mark=1"\' > /etc/default/grub.d/50-mark.cfg');
    await lab.sh('update-grub');
    await lab.reboot();
    assert.notEqual(await lab.sh('cat /proc/sys/kernel/random/boot_id'), bootId);
    assert.match(await lab.sh('cat /proc/cmdline'), / lab\.mark=1/);
  });
});
