import assert from 'node:assert/strict';
import { definitionOf, editByHand, keepDefinition, pidOf, waitForWrite } from './guest.ts';
import { converged, fine, mistake, play, refusal, rolePlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { proveRole } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

const definition = 'Disks have their I/O threads';
const restart = 'Restart guests that wait for it';

describe('the role iothreads in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'iothreads');
    await lab.startGuest('vm1');
  });
  after(async () => await lab?.stop());

  function threads(disk: object, more: object = {}): object[] {
    return rolePlay('iothreads', { domains: [{ name: 'vm1', disks: { vda: disk } }], ...more });
  }

  /**
   * With all that may be given to a disk which lies on a device or in a file that is allocated in
   * full.
   */
  function direct(more: object = {}): object[] {
    return threads({ iothread: 1, cache: 'none', io: 'native', discard: 'unmap', ...more });
  }

  it('refuses combinations that libvirt rejects or that lose data', async () => {
    const before = await lookAt(lab);
    const native = threads({ iothread: 1, cache: 'writeback', io: 'native' }, { power_protected: true });
    assert.match(mistake(await play(lab, native)), /io=native with cache=writeback/);
    const unprotected = threads({ iothread: 1, cache: 'writeback', io: 'threads' });
    assert.match(mistake(await play(lab, unprotected)), /power_protected: true/);
    const unsafe = await play(lab, threads({ iothread: 1, cache: 'unsafe', io: 'threads' }, { power_protected: true }));
    assert.match(refusal(unsafe), /needs consent: data-loss/);
    assert.match(refusal(await play(lab, threads({ iothread: 7 }))), /uses I\/O thread 7/);
    await assertUntouched(lab, before, 'the refused run');
  });

  it('leaves a running guest alone without consent, and says what waits', async () => {
    const pid = await pidOf(lab, 'vm1');
    const untuned = await keepDefinition(lab, 'vm1');
    const run = fine(await play(lab, threads({ iothread: 1 })));
    assert.deepEqual(run.changed, [`${definition} [vm1]`]);
    const again = converged(await play(lab, threads({ iothread: 1 })));
    for (const { counts, pending } of [run, again]) {
      assert.deepEqual(
        pending.map(({ kind, subject }) => `${kind} ${subject}`),
        ['guest-restart vm1'],
      );
      assert.equal(counts.pending, 1);
    }
    assert.equal(await pidOf(lab, 'vm1'), pid);
    assert.doesNotMatch(await lab.sh('virsh dumpxml vm1'), /iothread='1'/);
    assert.match(await lab.sh('virsh dumpxml --inactive vm1'), /iothread='1'/);
    await untuned.restore();
  });

  it('serves a disk of a running guest, and keeps what belongs to others', async () => {
    const pid = await pidOf(lab, 'vm1');
    const before = foreign(await definitionOf(lab, 'vm1'));
    await proveRole(lab, {
      playbook: direct(),
      arguments: ['--allow', 'guest-restart'],
      // In check mode the guest does not wait yet.
      unforeseen: ['Restart guests that wait for it'],
      proof: async () => {
        const now = await pidOf(lab, 'vm1');
        assert.notEqual(now, pid, 'the guest was not restarted');
        assert.match(await lab.sh(`cat /proc/${now}/task/*/comm`), /^IO iothread1$/m);
        assert.match(await lab.sh('virsh -q iothreadinfo vm1'), /^ *1 /);
        const disk = /<driver name='qemu' type='raw'.*\/>/.exec(await lab.sh('virsh dumpxml vm1'))?.[0] ?? '';
        for (const part of ["cache='none'", "io='native'", "discard='unmap'", "iothread='1'"]) {
          assert.ok(disk.includes(part), disk);
        }
        assert.match(await lab.sh(`tr '\\0' '\\n' < /proc/${now}/cmdline`), /"aio":"native"/);
        assert.equal(foreign(await definitionOf(lab, 'vm1')), before);
      },
      disturb: async () =>
        await editByHand(lab, 'vm1', `-e "s/ iothread='1'//" -e "s/cache='none'/cache='directsync'/"`),
      fixes: [`${definition} [vm1]`],
    });
    await waitForWrite(lab, 'vm1');
  });

  it('does not shut a guest down whose definition needs an image that is gone', async () => {
    const pid = await pidOf(lab, 'vm1');
    const tuned = await keepDefinition(lab, 'vm1');
    const image = '/var/lib/libvirt/images/gone.iso';
    await lab.sh(`echo image > ${image}; virsh -q attach-disk vm1 ${image} sdz --type cdrom --config; rm ${image}`);
    const run = await play(lab, direct({ error_policy: 'enospace' }), '--allow', 'guest-restart');
    assert.match(run.result(restart).message, /disk sdz of vm1 needs .*gone\.iso, which is not there/);
    assert.equal(await pidOf(lab, 'vm1'), pid);
    await tuned.restore();
  });

  it('goes back to the disks that a guest ran with if it does not start, and keeps what does not start', async () => {
    const disks = await lab.sh('virsh -q domblklist vm1');
    fine(await play(lab, direct({ error_policy: 'report' })));
    // libvirt takes a pin to a CPU that the host does not have, and QEMU's translation of it says
    // nothing.
    await editByHand(lab, 'vm1', `"s|</memory>|</memory><cputune><vcpupin vcpu='0' cpuset='63'/></cputune>|"`);
    const run = await play(lab, direct({ error_policy: 'report' }), '--allow', 'guest-restart');
    const { message } = run.result(restart);
    assert.match(message, /vm1 does not start with its definition, and runs with the one before/);
    assert.doesNotMatch(message, /all the same/);
    assert.equal(await lab.sh('virsh domstate vm1 | xargs'), 'running');
    assert.equal(await lab.sh('virsh -q domblklist vm1'), disks);
    assert.doesNotMatch(await lab.sh('virsh dumpxml vm1'), /cpuset='63'/);
    assert.match(await lab.sh('cat /var/lib/hostwright/backup/vm1/*-did-not-start.xml'), /cpuset='63'/);
  });
});

/**
 * A definition without what the role owns: its metadata, passwords and QEMU arguments must be in
 * it, letter for letter.
 */
function foreign(xml: string): string {
  for (const part of ['<panel:plan>nvme-2<', '<qemu:arg value=', "passwd='s3cretvn'", 'customer &amp; sons']) {
    assert.ok(xml.includes(part), `${part} is not in the definition`);
  }
  return xml
    .replace(/^ *<iothreads>.*\n/m, '')
    .replace(/^ *<iothreadids>[\s\S]*<\/iothreadids>\n/m, '')
    .replace(/<driver name='qemu' type='raw'.*\/>/, '');
}
