import assert from 'node:assert/strict';
import { pidOf } from './guest.ts';
import { fine, mistake, play, refusal, rolePlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { proveRole } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

const exported = '/srv/images';
const point = '/mnt/images';
const own = '/etc/exports.d/hostwright.exports';
const mounting = `NFS mounts are there [${point}]`;
const exporting = 'Directories are exported';
// libvirt gives images to QEMU's user as root.
const options = 'rw,sync,no_wdelay,no_subtree_check,no_root_squash';
const exports = [{ path: exported, clients: [{ to: '127.0.0.1', options }] }];
const mount = { source: `127.0.0.1:${exported}`, path: point };

describe('the role nfs-storage in the lab, which is server and client of itself', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'nfs-storage');
    await lab.sh(`mkdir -m 711 ${exported}`);
  });
  after(async () => await lab?.stop());

  function role(parameters: object): object[] {
    return rolePlay('nfs-storage', parameters);
  }
  async function live(): Promise<string> {
    return await lab.sh(`grep ' ${point} ' /proc/mounts`);
  }

  it('refuses before any connection what loses writes or breaks guests', async () => {
    for (const bad of ['vers=4.2,soft', 'softerr', 'nolock', 'hard,local_lock=all'])
      assert.match(mistake(await play(lab, role({ mounts: [{ ...mount, options: bad }] }))), /options: /, bad);
    const lossy = [{ path: exported, clients: [{ to: '127.0.0.1', options: 'rw,async' }] }];
    assert.match(mistake(await play(lab, role({ exports: lossy }))), /async answers writes that are not on a disk/);
  });

  it('installs, exports and mounts', async () => {
    await proveRole(lab, {
      playbook: role({ threads: 24, exports, mounts: [mount] }),
      proof: async () => {
        assert.equal(await lab.sh('cat /proc/fs/nfsd/threads'), '24');
        assert.match(await lab.sh('nfsconf --get nfsd threads'), /^24$/);
        const [shown, ...more] = (await lab.sh('exportfs -s')).split('\n');
        assert.match(shown!, /^\/srv\/images +127\.0\.0\.1\(sync,no_wdelay,.*no_subtree_check,.*rw,.*no_root_squash/);
        assert.deepEqual(more, []);
        const [, , type, mounted] = (await live()).split(' ');
        assert.equal(type, 'nfs4');
        for (const option of 'vers=4.2,proto=tcp,nconnect=8,rsize=1048576,wsize=1048576,hard,noatime'.split(','))
          assert.ok(mounted!.split(',').includes(option), `${option} of ${mounted}`);
        assert.match(await lab.sh('nfsstat -m'), /rsize=1048576/);
        assert.match(await lab.sh(`findmnt --fstab -no SOURCE ${point}`), /^127\.0\.0\.1:\/srv\/images$/);
        await lab.sh(`echo through > ${point}/file && [ "$(cat ${exported}/file)" = through ] && rm ${exported}/file`);
      },
      disturb: async () => {
        await lab.sh('echo 5 > /proc/fs/nfsd/threads');
        await lab.sh(`sed -i s/no_wdelay/wdelay/ ${own} && exportfs -ra`);
        await lab.sh(`mount -o remount,bind,relatime ${point}`);
      },
      fixes: ['The NFS server has its threads', exporting, mounting],
    });
  });

  it('refuses exports that fight with others, and asks before it takes one away', async () => {
    await lab.sh(`echo '${exported} 127.0.0.1(ro)' > /etc/exports.d/site.exports`);
    const before = await lookAt(lab);
    const fights = refusal(await play(lab, role({ exports })));
    assert.match(fights, /\/etc\/exports.d\/site.exports exports \/srv\/images 127.0.0.1, too/);
    await lab.sh('rm /etc/exports.d/site.exports && exportfs -o ro 10.9.9.9:/srv');
    assert.match(refusal(await play(lab, role({ exports }))), /\/srv 10.9.9.9 is exported and is not in any file/);
    await lab.sh('exportfs -u 10.9.9.9:/srv');
    const away = refusal(await play(lab, role({ exports: [] })));
    assert.match(away, /service-interruption/);
    const nobody = [{ path: exported, clients: [...exports[0]!.clients, { to: 'nobody.invalid' }] }];
    assert.match(refusal(await play(lab, role({ exports: nobody }))), /nobody.invalid cannot be resolved/);
    const absent = [{ path: '/srv/none', clients: [{ to: '127.0.0.1' }] }, ...exports];
    assert.match(refusal(await play(lab, role({ exports: absent }))), /\/srv\/none is not a directory/);
    await lab.sh('mkdir /etc/nfs.conf.d 2>/dev/null; printf "[nfsd]\\nthreads = 8\\n" > /etc/nfs.conf.d/local.conf');
    assert.match(refusal(await play(lab, role({ threads: 24 }))), /local.conf is read after .* threads = 8/);
    await lab.sh('rm /etc/nfs.conf.d/local.conf');
    assert.equal((await lookAt(lab)).text, before.text);
    assert.match(await lab.sh('exportfs -s'), /no_wdelay/);
  });

  it('never unmounts: other options of the connection wait for the next mount, and the server may allow less', async () => {
    await lab.sh(`umount ${point} && mount -t nfs -o vers=4.1,nconnect=2,hard,noatime 127.0.0.1:${exported} ${point}`);
    const before = await live();
    const waiting = fine(await play(lab, role({ mounts: [mount] })));
    assert.deepEqual(waiting.changed, []);
    const [due] = waiting.pending;
    assert.equal(due?.kind, 'remount');
    assert.equal(due?.subject, point);
    assert.match(due!.reason, /vers=4.1 and not 4.2, nconnect=2 and not 8/);
    assert.equal(await live(), before);

    await lab.sh(`umount ${point} && systemctl stop nfs-server`);
    await lab.sh('echo 262144 > /proc/fs/nfsd/max_block_size && systemctl start nfs-server');
    const less = fine(await play(lab, role({ mounts: [mount] })));
    assert.deepEqual(less.changed, [mounting]);
    assert.deepEqual(less.pending, []);
    assert.match(await live(), /vers=4.2,rsize=262144,wsize=262144,.*nconnect=8/);
    const said = fine(await play(lab, role({ mounts: [mount] })));
    assert.deepEqual(said.changed, []);
    assert.match(said.items('NFS mounts are there')[point]!.message, /rsize is 262144 of 1048576, .*the server allows/);
  });

  it('carries disks of a running guest, which disk-io tunes and which is never unmounted', async () => {
    await lab.sh(`qemu-img create -q -f raw -o preallocation=full ${point}/full.raw 32M`);
    await lab.sh(`qemu-img create -q -f qcow2 ${point}/holes.qcow2 32M`);
    const attach = 'virsh -q attach-disk vm1 --targetbus virtio --config --sourcetype file';
    await lab.sh(
      `${attach} ${point}/full.raw vdb --subdriver raw && ${attach} ${point}/holes.qcow2 vdc --subdriver qcow2`,
    );
    const tuned = fine(
      await play(lab, rolePlay('disk-io', { domains: [{ name: 'vm1', disks: { vdb: {}, vdc: {} } }] })),
    );
    const decided = tuned.items('What decided').vm1!.message;
    assert.match(decided, /vdb: io native by the rule "modern"/);
    assert.match(decided, /vdc: io threads by the rule "allocation"/);
    await lab.startGuest('vm1');
    const pid = await pidOf(lab, 'vm1');
    const line = (await lab.sh(`tr '\\0' '\\n' < /proc/${pid}/cmdline`)).split('\n');
    assert.match(
      line.find(row => row.includes('full.raw'))!,
      /"aio":"native".*"direct":true|"direct":true.*"aio":"native"/,
    );
    assert.match(line.find(row => row.includes('holes.qcow2'))!, /"aio":"threads"/);
    assert.equal(await lab.sh(`findmnt -no FSTYPE -T ${point}/full.raw`), 'nfs4');

    const before = await lookAt(lab);
    const used = await play(
      lab,
      role({ mounts: [{ path: point, state: 'absent' }] }),
      '--allow',
      'service-interruption',
    );
    assert.match(refusal(used), /guest vm1 has files on \/mnt\/images/);
    await assertUntouched(lab, before, 'the refused run');
    await lab.sh('virsh -q destroy vm1');
    const defined = await play(
      lab,
      role({ mounts: [{ path: point, state: 'absent' }] }),
      '--allow',
      'service-interruption',
    );
    assert.match(refusal(defined), /guest vm1 has files/);
    await lab.sh('virsh -q detach-disk vm1 vdb --config && virsh -q detach-disk vm1 vdc --config');
    const pool = `virsh -q pool-define-as images dir --target ${point}`;
    await lab.sh(pool);
    const pooled = await play(
      lab,
      role({ mounts: [{ path: point, state: 'absent' }] }),
      '--allow',
      'service-interruption',
    );
    assert.match(refusal(pooled), /pool images has files/);
    await lab.sh('virsh -q pool-undefine images');

    const gone = role({ mounts: [{ path: point, state: 'absent' }] });
    assert.match(refusal(await play(lab, gone)), /service-interruption/);
    assert.deepEqual(fine(await play(lab, gone, '--allow', 'service-interruption')).changed, [mounting]);
    assert.equal(await lab.sh(`grep -c ${point} /proc/mounts /etc/fstab; :`), '/proc/mounts:0\n/etc/fstab:0');
    await lab.sh(`touch ${point}/mine`);
    assert.match(refusal(await play(lab, role({ mounts: [mount] }))), /is not empty: a mount would hide/);
  });
});
