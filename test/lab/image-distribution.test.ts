import assert from 'node:assert/strict';
import { editByHand } from './guest.ts';
import { explain, fine, play, type Run, refusal, rolePlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { proveRole } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

const src = '/srv/images/golden.raw';
const dest = '/srv/guests/base.raw';
const mebibyte = 2 ** 20;

/** The host is its own source, and reaches its sshd not where this machine does. */
const consent = ['--allow', 'data-loss', '-e', '{"distribution_address": "127.0.0.1", "distribution_port": 22}'];

describe('the role image-distribution in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'image-distribution');
    await lab.sh(`mkdir -p /srv/images /srv/guests; chmod 711 /srv/images /srv/guests
head -c 700000 /dev/urandom > ${src}; head -c ${mebibyte} /dev/zero >> ${src}; head -c 100000 /dev/urandom >> ${src}`);
  });
  after(async () => await lab?.stop());

  function distribution(more: object = {}): object[] {
    return rolePlay('image-distribution', { source: 'hv1', src, dest, chunk_size: '256K', ...more });
  }

  async function distribute(more: object = {}): Promise<Run> {
    return await play(lab, distribution(more), ...consent);
  }

  async function hashOf(path: string): Promise<string> {
    return await lab.sh(`sha256sum < ${path}`);
  }

  /** Another image is where the image is to come; big enough for a guest to write to. */
  async function putAnother(): Promise<void> {
    await lab.sh(`rm -f ${dest}; truncate -s 64M ${dest}; echo theirs | dd of=${dest} conv=notrunc 2>&1`);
  }

  async function assertRefused(why: RegExp): Promise<void> {
    const before = await lab.sh(`stat -c %i ${dest}`);
    assert.match(refusal(await distribute()), why);
    assert.equal(await lab.sh(`stat -c %i ${dest}`), before);
  }

  async function giveDisk(guest: string, disk: string): Promise<void> {
    await editByHand(lab, guest, `"s#<source file=.*/>#<source file='${disk}'/>#"`);
  }

  it('brings the image to its place, and finds what somebody wrote into it', async () => {
    await proveRole(lab, {
      playbook: distribution(),
      arguments: consent,
      proof: async () => {
        assert.equal(await hashOf(dest), await hashOf(src));
        assert.ok(Number(await lab.sh(`stat -c %b ${dest}`)) * 512 < 1.2 * mebibyte, 'the zeros are not hole');
        assert.equal(await lab.sh('grep hostwright-image ~/.ssh/authorized_keys; ls /run/hostwright'), '');
      },
      disturb: async () => void (await lab.sh(`echo other | dd of=${dest} conv=notrunc 2>&1`)),
      fixes: ['The image is there'],
    });
  });

  it('does not replace the disk of a guest that is off, runs or is saved, nor copies what it writes', async () => {
    await putAnother();
    const own = '/var/lib/libvirt/images/vm1.raw';
    await giveDisk('vm1', dest);
    await assertRefused(/is another image, and a disk of vm1/);
    await lab.startGuest('vm1');
    await assertRefused(/is another image, and a disk of vm1/);
    const torn = distribution({ src: dest, dest: src });
    assert.match(refusal(await play(lab, torn, ...consent)), /is in use: vm1 may write to it/);
    await lab.sh('virsh -q managedsave vm1');
    await giveDisk('vm1', own);
    await assertRefused(/is another image, and a disk of vm1/);
    await lab.sh('virsh -q managedsave-remove vm1');
  });

  it('does not replace a volume of a pool that a guest has', async () => {
    await putAnother();
    await lab.sh('virsh -q pool-define-as guests dir --target /srv/guests');
    const volume = `"s#<disk type='file'#<disk type='volume'#; s#<source file=.*/>#<source pool='guests' volume='base.raw'/>#"`;
    await editByHand(lab, 'vm2', volume);
    await assertRefused(/is another image, and a disk of vm2/);
    const back = `"s#<disk type='volume'#<disk type='file'#; s#<source pool=.*/>#<source file='/var/lib/libvirt/images/vm2.raw'/>#"`;
    await editByHand(lab, 'vm2', back);
  });

  it('does not replace what other images are backed by, nor what a program writes to', async () => {
    await putAnother();
    const make = 'qemu-img create -q -f qcow2';
    await lab.sh(`${make} -b ${dest} -F raw /srv/guests/top.qcow2`);
    await assertRefused(/base.raw cannot be replaced: \/srv\/guests\/top.qcow2 are based on it/);
    // The definition of a guest that is off names its disk alone.
    await lab.sh(`mv /srv/guests/top.qcow2 /srv/images/middle.qcow2
${make} -b /srv/images/middle.qcow2 -F qcow2 /srv/images/top.qcow2`);
    await editByHand(
      lab,
      'vm2',
      `"s#type='raw'#type='qcow2'#; s#<source file=.*/>#<source file='/srv/images/top.qcow2'/>#"`,
    );
    await assertRefused(/cannot be replaced: \/srv\/images\/middle.qcow2 are based on it/);
    await editByHand(
      lab,
      'vm2',
      `"s#type='qcow2'#type='raw'#; s#<source file=.*/>#<source file='/var/lib/libvirt/images/vm2.raw'/>#"`,
    );
    await lab.sh(`rm /srv/images/*.qcow2; qemu-nbd --fork --persistent --socket=/run/theirs.sock -f raw ${dest}`);
    await assertRefused(/base.raw is open for writing/);
    const torn = distribution({ src: dest, dest: src });
    assert.match(refusal(await play(lab, torn, ...consent)), /is in use: a program has it open for writing/);
    await lab.sh(`kill $(pidof qemu-nbd); losetup -f ${dest}`);
    await assertRefused(/base.raw is open for writing/);
    await lab.sh('losetup -D');
  });

  it('asks again before the rename, and goes on later with what it has', async () => {
    await putAnother();
    const theirs = await hashOf(dest);
    const [run] = await Promise.all([
      distribute({ limit: '128K', fanout: 1 }),
      lab.sh(`until [ -e ${dest}.part ]; do sleep 0.1; done
qemu-img create -q -f qcow2 -b ${dest} -F raw /srv/guests/top.qcow2`),
    ]);
    assert.match(
      run.result('The image is there').message,
      /put below an image, while the image was fetched/,
      explain(run),
    );
    assert.equal(await hashOf(dest), theirs);
    await lab.sh('rm /srv/guests/top.qcow2');
    const next = fine(await distribute());
    assert.deepEqual(next.result('The image is there').fields.from, {});
    assert.equal(await hashOf(dest), await hashOf(src));
    assert.equal(await lab.sh('ls /srv/guests'), 'base.raw');
  });

  it('finds nothing to do on the source, where the image is', async () => {
    const run = fine(await distribute({ dest: null }));
    assert.deepEqual(run.changed, []);
    assert.equal(run.result('The image is there').message, 'is there, with this hash');
  });
});
