import assert from 'node:assert/strict';
import { play, refusal, rolePlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { proveRole } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

const images = '/var/lib/libvirt/images';

describe('the role qcow2-image in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'qcow2-image');
  });
  after(async () => await lab?.stop());

  it('makes a base that is allocated, and an overlay that leaves it as it is', async () => {
    await proveRole(lab, {
      playbook: 'playbooks/qcow2-image.yml',
      proof: async () => {
        const chain = JSON.parse(await lab.sh(`qemu-img info --output=json --backing-chain ${images}/web1.qcow2`));
        const [top, base] = chain as Record<string, unknown>[];
        assert.deepEqual([top!['cluster-size'], top!['virtual-size']], [131072, 64 * 2 ** 20]);
        assert.equal(top!['backing-filename'], `${images}/base.qcow2`);
        assert.ok(Number(base!['actual-size']) >= 64 * 2 ** 20, 'the base is not allocated');
        assert.equal(await lab.sh(`stat -c %A ${images}/base.qcow2 | tr -d r-`), '');
        const hash = await lab.sh(`md5sum ${images}/base.qcow2`);
        await lab.sh(`qemu-io -c 'write -q -P 7 0 64k' ${images}/web1.qcow2; qemu-img check -q ${images}/web1.qcow2`);
        assert.equal(await lab.sh(`md5sum ${images}/base.qcow2`), hash);
      },
      disturb: async () => void (await lab.sh(`chmod u+w ${images}/base.qcow2; rm ${images}/web1.qcow2`)),
      fixes: [`The image is as it should be [${images}/web1.qcow2]`],
    });
  });

  it('takes no disk of a guest as a base, and removes none that a guest or an image needs', async () => {
    const vm1 = await lab.sh("virsh -q domblklist vm1 | awk '{ print $2; exit }'");
    const before = await lab.sh(`md5sum ${vm1} ${images}/*.qcow2`);
    const asked = (image: object) => rolePlay('qcow2-image', { images: [image] });
    const over = asked({ path: `${images}/top.qcow2`, backing: { path: vm1, format: 'raw' } });
    assert.match(refusal(await play(lab, over)), /is a disk of vm1/);
    const consent = ['--allow', 'data-loss'];
    const guest = asked({ path: vm1, format: 'raw', state: 'absent' });
    assert.match(refusal(await play(lab, guest, ...consent)), /is a disk of vm1/);
    const base = asked({ path: `${images}/base.qcow2`, state: 'absent' });
    assert.match(refusal(await play(lab, base, ...consent)), /web1.qcow2 are based on it/);
    const top = asked({ path: `${images}/web1.qcow2`, state: 'absent' });
    assert.match(refusal(await play(lab, top)), /it needs consent: data-loss/);
    assert.equal(await lab.sh(`md5sum ${vm1} ${images}/*.qcow2`), before);
  });
});
