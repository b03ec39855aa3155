import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { cli, converged, fine, play, type Run } from './hostwright.ts';
import { type IsoServer, serveIso } from './iso-server.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { assertPredicted } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

const playbooks = globSync('playbooks/*.yml').sort();

/** What only reads, and what finds no such hardware in this lab, has nothing to foresee. */
const idle = ['playbooks/sriov.yml', 'playbooks/verify.yml'];

describe('the playbooks in the lab', function () {
  this.timeout(900_000);
  let lab: Lab;
  let server: IsoServer;
  const foreseen = new Map<string, Run>();

  before(async function () {
    lab = await startTestLab(this, 'site', 'numa');
    server = await serveIso('drivers.iso');
  });
  after(async () => {
    await lab?.stop();
    await server?.stop();
  });

  function iso(): string[] {
    return ['-e', JSON.stringify({ iso_url: server.url, iso_sha256: server.sha256, iso_version: '1.0' })];
  }

  it('are sound', async () => {
    const { code, stderr, stdout } = await cli(['lint', ...playbooks]);
    assert.equal(code, 0, stdout + stderr);
  });

  it('say in check mode what they would change, and change nothing', async () => {
    const before = await lookAt(lab);
    for (const playbook of playbooks) {
      const check = fine(await play(lab, playbook, '--check', ...iso()));
      const acts = check.changed.length + check.unknown.length > 0;
      assert.equal(acts, !idle.includes(playbook), `${playbook} would do ${acts ? 'something' : 'nothing'}`);
      foreseen.set(playbook, check);
    }
    await assertUntouched(lab, before, 'check mode');
  });

  it('playbooks/site.yml tunes a stock hypervisor: changed, then ok', async () => {
    const check = foreseen.get('playbooks/site.yml')!;
    const run = fine(await play(lab, 'playbooks/site.yml', ...iso()));
    assertPredicted(check, run);
    assert.ok(run.counts.changed >= 6, `${run.counts.changed} tasks changed`);
    const again = converged(await play(lab, 'playbooks/site.yml', ...iso()));
    assert.equal(again.counts.failed + again.counts.unknown, 0);
    // Nobody has allowed a reboot: it is announced by both.
    for (const { pending } of [run, again]) assert.ok(pending.some(({ kind }) => kind === 'reboot'));
    for (const guest of ['vm1', 'vm2']) {
      const xml = await lab.sh(`virsh dumpxml --inactive ${guest}`);
      for (const part of ['<iothreads>', '<vcpupin vcpu=', "io='native'"]) assert.ok(xml.includes(part), part);
    }
    await lab.startGuest('vm1');
    assert.match(await lab.sh('virsh -q iothreadinfo vm1'), /^ *1 /);
    assert.match(await lab.sh('virsh dumpxml --inactive vm2'), /<hugepages>/);
  });
});
