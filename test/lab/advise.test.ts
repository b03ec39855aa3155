import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { HostAdvice } from '../../src/advice/advice.ts';
import { pidOf } from './guest.ts';
import { cli, fine, play } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { startTestLab } from './test-lab.ts';

/** tuned would be installed, which takes the lab minutes and has a test of its own. */
const some = ['block-queue', 'disk-io', 'guest-pv', 'host-memory', 'hugepages'].flatMap(role => ['--role', role]);

describe('hostwright advise in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'advise');
    await lab.startGuest('vm1');
  });
  after(async () => await lab?.stop());

  async function advise(...more: string[]): Promise<{ stdout: string; stderr: string }> {
    const { code, stderr, stdout } = await cli([
      'advise',
      'hv1',
      '-i',
      lab.inventoryFile,
      '--task-timeout',
      '1800',
      ...more,
    ]);
    assert.equal(code, 0, stderr);
    return { stdout, stderr };
  }

  async function findings(): Promise<string[]> {
    const { advice, failure } = JSON.parse((await advise('--json', ...some)).stdout) as HostAdvice;
    assert.equal(failure, undefined);
    return advice.flatMap(({ findings: found, role }) =>
      found.map(({ cost, guest }) => `${role.role} ${guest ?? ''}: ${cost}`),
    );
  }

  it('says what is not tuned and what it costs, and a playbook of it leaves nothing to say', async () => {
    const before = await lookAt(lab);
    const file = join(lab.directory, 'tuned.yml');
    rmSync(file, { force: true });
    const { stdout } = await advise('-o', file, ...some);
    await assertUntouched(lab, before, 'advise');
    for (const part of [
      /the host\n {4}block-queue \(online\)/,
      /guest vm1\n {4}disk-io \(guest restart\)/,
      /vm1 vda: io threads by the rule "allocation"/,
      /guest winlike\n {4}disk-io \(online\)/,
      /not as things are\n {4}hugepages: .* do not fit/,
      /disk-io: .*\n {4}found by: .*devconf/,
    ]) {
      assert.match(stdout, part);
    }
    assert.deepEqual((await findings()).toSorted(), [
      'block-queue : online',
      'disk-io vm1: guest restart',
      'disk-io vm2: online',
      'disk-io winlike: online',
      'guest-pv vm1: guest restart',
      'guest-pv vm2: online',
      'guest-pv winlike: online',
      'host-memory : online',
    ]);

    const pid = await pidOf(lab, 'vm1');
    fine(await play(lab, file, '--allow', 'guest-restart'));
    assert.notEqual(await pidOf(lab, 'vm1'), pid);
    assert.match(await lab.sh('virsh dumpxml vm1'), /cache='none'.*iothread='1'/);
    assert.match(readFileSync(file, 'utf8'), /- role: disk-io\n {6}domains:\n {8}- iothreads: 1\n {10}name: vm1/);
    assert.deepEqual(await findings(), []);
    const again = await advise();
    assert.match(again.stdout, /as it should be: .*block-queue, disk-io, guest-pv, host-memory/);
    assert.match(again.stdout, /the host\n {4}tuned-profile \(online, unknown\)/);
  });
});
