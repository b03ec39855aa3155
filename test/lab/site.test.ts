import assert from 'node:assert/strict';
import { converged, fine, play } from './hostwright.ts';
import { type IsoServer, serveIso } from './iso-server.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { assertPredicted } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';
import { assertTuned, bootId } from './tuned.ts';

const playbook = 'playbooks/site.yml';

describe('a stock hypervisor', function () {
  this.timeout(2_400_000);
  let lab: Lab;
  let server: IsoServer;

  before(async function () {
    lab = await startTestLab(this, 'site', 'numa');
    server = await serveIso('drivers.iso');
  });
  after(async () => {
    await lab?.stop();
    await server?.stop();
  });

  it('is tuned by playbooks/site.yml: changed, rebooted, then ok', async () => {
    const iso = ['-e', JSON.stringify({ iso_url: server.url, iso_sha256: server.sha256, iso_version: '1.0' })];
    const before = await lookAt(lab);
    const check = fine(await play(lab, playbook, '--check', ...iso));
    await assertUntouched(lab, before, 'check mode');

    const boot = await bootId(lab);
    const run = fine(await play(lab, playbook, '--allow', 'reboot', ...iso));
    assertPredicted(check, { ...run, changed: run.changed.filter(name => !name.startsWith('Reboot for ')) });
    assert.ok(run.counts.changed >= 6, `${run.counts.changed} tasks changed`);
    assert.notEqual(await bootId(lab), boot, 'it was not rebooted');
    const again = converged(await play(lab, playbook, ...iso));
    assert.equal(again.counts.failed + again.counts.unknown, 0);
    assert.deepEqual(again.pending, []);
  });

  it('gives its guests what it was tuned for', () => assertTuned(lab));
});
