import assert from 'node:assert/strict';
import { converged, fine, play, refusal, rolePlay } from './hostwright.ts';
import { type IsoServer, serveIso } from './iso-server.ts';
import type { Lab } from './lab.ts';
import { lookAt } from './oracle.ts';
import { proveRole } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

const images = '/var/lib/libvirt/images';
const [first, second] = [`${images}/virtio-win-1.0.iso`, `${images}/virtio-win-2.0.iso`];
const attached = 'Guests have it in their drive [winlike]';

describe('the role virtio-drivers-iso in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;
  let servers: Record<string, IsoServer>;

  before(async function () {
    lab = await startTestLab(this, 'virtio');
    servers = { '1.0': await serveIso('one.iso', 'The first.\n'), '2.0': await serveIso('two.iso', 'The second.\n') };
  });
  after(async () => {
    await lab?.stop();
    for (const server of Object.values(servers ?? {})) await server.stop();
  });

  function drivers(version: string, more: object = {}): object[] {
    const { sha256, url } = servers[version]!;
    return rolePlay('virtio-drivers-iso', { version, url, sha256, domains: [{ name: 'winlike' }], ...more });
  }
  async function inDrive(guest: string): Promise<string> {
    return await lab.sh(`virsh -q domblklist ${guest} --inactive --details | awk '$2 == "cdrom" { print $4 }' | xargs`);
  }

  it('refuses an image with another hash, and attaches nothing', async () => {
    const before = await lookAt(lab);
    const run = await play(lab, drivers('1.0', { sha256: servers['2.0']!.sha256 }));
    assert.equal(run.code, 2);
    assert.match(run.result('The image is fetched').message, /has another sha256 hash than/);
    assert.equal((await lookAt(lab)).text, before.text);
    assert.equal(await inDrive('winlike'), '-');
    assert.equal(await lab.sh(`ls ${images}`), 'vm1.raw\nvm2.raw\nwinlike.raw');
    const without = await play(lab, drivers('1.0', { sha256: null }));
    assert.match(refusal(without), /Drivers run in the guest's kernel/);
  });

  it('is fetched, checked and in the drive', async () => {
    const { sha256 } = servers['1.0']!;
    await proveRole(lab, {
      playbook: drivers('1.0'),
      proof: async () => {
        assert.equal(await lab.sh(`sha256sum ${first} | cut -d ' ' -f 1`), sha256);
        assert.equal(await inDrive('winlike'), first);
        const xml = await lab.sh('virsh dumpxml --inactive winlike');
        assert.match(
          xml,
          /<disk type='file' device='cdrom'>[\s\S]*virtio-win-1\.0\.iso' startupPolicy='optional'[\s\S]*bus='sata'/,
        );
        assert.equal((xml.match(/device='cdrom'/g) ?? []).length, 1, 'the empty drive was used');
      },
      disturb: async () => {
        await lab.sh(`virsh -q change-media winlike sdb --eject --config; echo broken > ${first}`);
      },
      fixes: ['The image is fetched', attached],
    });
  });

  it('goes on to another version, and keeps the old one as long as a guest names it', async () => {
    await lab.sh(`virsh -q attach-disk vm1 ${first} sdb --type cdrom --targetbus sata --config`);
    fine(await play(lab, drivers('2.0', { remove_old: true })));
    assert.equal(await inDrive('winlike'), second);
    assert.equal(await inDrive('vm1'), first);
    await lab.sh(`test -f ${first}; virsh -q detach-disk vm1 sdb --config`);
    converged(await play(lab, drivers('2.0')));
    assert.equal(await lab.sh(`ls ${first}`), first);
    const run = fine(await play(lab, drivers('2.0', { remove_old: true })));
    assert.deepEqual(run.changed, ['Old versions go']);
    assert.equal(await lab.sh(`ls ${images}/*.iso`), second);
    converged(await play(lab, drivers('2.0')));
  });

  it('changes the medium of a running guest, and ejects it', async () => {
    await lab.sh('virsh -q start winlike');
    fine(await play(lab, drivers('2.0', { domains: [{ name: 'winlike', state: 'ejected' }] })));
    const running = 'virsh -q domblklist winlike --details | awk \'$2 == "cdrom" { print $4 }\'';
    assert.equal(await lab.sh(running), '-');
    assert.equal(await inDrive('winlike'), '-');
    const run = fine(await play(lab, drivers('2.0')));
    assert.deepEqual(run.pending, []);
    assert.equal(await lab.sh(running), second);
  });
});
