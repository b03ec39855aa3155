import assert from 'node:assert/strict';
import { pidOf } from './guest.ts';
import { fine, play, refusal, rolePlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { proveRole } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

const daemon = 'The daemon runs with its settings';
const file = '/etc/libvirt/qemu.conf';
const settings = { max_files: 4321, keepalive_count: 7, cgroup_controllers: ['cpu', 'memory', 'blkio'] };

describe('the role libvirt-daemon in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'libvirt-daemon');
    // The setting of somebody else, and one of ours with another value.
    await lab.sh(`printf 'keepalive_count = 5 # for now\\nmax_threads_per_process=4096\\n' >> ${file}`);
    await lab.sh('systemctl restart libvirtd');
    await lab.startGuest('vm1');
  });
  after(async () => await lab?.stop());

  const started = async () => await lab.sh('systemctl show -p MainPID --value libvirtd');

  it('refuses what libvirt would ignore or not understand', async () => {
    const before = await lookAt(lab);
    const unknown = await play(lab, rolePlay('libvirt-daemon', { qemu_conf: { max_cores: 4, user: 7 } }));
    assert.match(refusal(unknown), /max_cores is not a setting of this libvirt; user is a text, not 7/);
    await assertUntouched(lab, before, 'the refused run');
  });

  it('sets what is given, leaves the rest, and guests outlive the restart', async () => {
    const [old, pid] = [await started(), await pidOf(lab, 'vm1')];
    const text = await lab.sh(`cat ${file}`);
    await proveRole(lab, {
      playbook: rolePlay('libvirt-daemon', { packages: 'auto', qemu_conf: settings }),
      proof: async () => {
        assert.notEqual(await started(), old, 'the daemon was not restarted');
        assert.equal(await pidOf(lab, 'vm1'), pid);
        assert.equal(await lab.sh('virsh domstate vm1 | xargs'), 'running');
        assert.equal(await lab.sh(`stat -c '%a %U' ${file}; ls /etc/libvirt | grep -c hostwright || :`), '600 root\n0');
        const now = await lab.sh(`cat ${file}`);
        assert.ok(now.includes('\nkeepalive_count = 7 # for now\nmax_threads_per_process=4096'), now.slice(-300));
        const others = now
          .replace(/^(max_files|cgroup_controllers) = .*\n/gm, '')
          .replace('keepalive_count = 7 # for', 'keepalive_count = 5 # for');
        assert.equal(others, text, 'something else has changed');
      },
      disturb: async () => {
        await lab.sh(`sed -i '/^max_files = /d; s/^keepalive_count = 7/keepalive_count = 5/' ${file}`);
        await lab.sh('systemctl restart libvirtd');
      },
      fixes: [daemon],
    });
    await lab.startGuest('vm2');
    // Some versions of libvirt add one.
    assert.match(await lab.sh(`cat /proc/${await pidOf(lab, 'vm2')}/limits`), /Max open files +432[12] /);
    await lab.sh('virsh -q shutdown vm2');
  });

  it('restarts a daemon that is older than its file', async () => {
    const old = await started();
    await lab.sh(`touch ${file}`);
    const run = fine(await play(lab, rolePlay('libvirt-daemon', { qemu_conf: settings })));
    assert.deepEqual(run.changed, [daemon]);
    assert.notEqual(await started(), old);
  });

  it('does not restart the daemon while the disk of a guest is copied', async () => {
    const old = await started();
    await lab.sh(
      'virsh blockcopy vm1 vda --dest /var/lib/libvirt/images/copy.raw --format raw --transient-job >/dev/null',
    );
    const before = await lookAt(lab);
    const refused = await play(lab, rolePlay('libvirt-daemon', { qemu_conf: { max_core: 0 } }));
    assert.match(refusal(refused), /libvirtd is not restarted while jobs run: .* vda has a job: Block Copy/);
    await assertUntouched(lab, before, 'the refused run');
    assert.equal(await started(), old);
    const later = fine(await play(lab, rolePlay('libvirt-daemon', { qemu_conf: { max_core: 0 }, restart: false })));
    assert.deepEqual(later.changed, [daemon]);
    assert.equal(await started(), old);
    await lab.sh('virsh blockjob vm1 vda --abort; rm -f /var/lib/libvirt/images/copy.raw');
  });

  it('puts the file back where libvirt does not start with it', async () => {
    const pid = await pidOf(lab, 'vm1');
    const text = await lab.sh(`cat ${file}`);
    const run = await play(lab, rolePlay('libvirt-daemon', { qemu_conf: { user: 'no-such-user' } }));
    assert.equal(run.code, 2);
    assert.match(run.result(daemon).message, /was put back, and it runs again/);
    assert.equal(await lab.sh(`cat ${file}`), text);
    assert.equal(await lab.sh('virsh domstate vm1 | xargs'), 'running');
    assert.equal(await pidOf(lab, 'vm1'), pid);
  });
});
