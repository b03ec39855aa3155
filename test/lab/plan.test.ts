import assert from 'node:assert/strict';
import { join } from 'node:path';
import { cli, fine, hostwrightAgain, play, type Run, refusal } from './hostwright.ts';
import { type IsoServer, serveIso } from './iso-server.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { startTestLab } from './test-lab.ts';
import { assertTuned, bootId } from './tuned.ts';

const playbook = 'playbooks/site.yml';
const settings = '/etc/lvm/lvmlocal.conf';

describe('a plan for a stock hypervisor', function () {
  this.timeout(2_400_000);
  let lab: Lab;
  let server: IsoServer;
  let file: string;
  let state: string[];
  let iso: string[];

  before(async function () {
    lab = await startTestLab(this, 'plan', 'numa');
    server = await serveIso('drivers.iso');
    file = join(lab.directory, 'site.plan');
    state = ['--state', join(lab.directory, 'state')];
    iso = ['-e', JSON.stringify({ iso_url: server.url, iso_sha256: server.sha256, iso_version: '1.0' })];
  });
  after(async () => {
    await lab?.stop();
    await server?.stop();
  });

  const apply = (): Promise<Run> => hostwrightAgain(lab, 'apply', file, ...state, ...iso);

  it('changes nothing when it is made', async () => {
    const before = await lookAt(lab);
    const hosts = ['-i', lab.inventoryFile, '--task-timeout', '1800'];
    const { code, stderr } = await cli(['plan', playbook, '-o', file, '--allow', 'reboot', ...hosts, ...state, ...iso]);
    assert.equal(code, 0, stderr);
    await assertUntouched(lab, before, 'the plan');
  });

  it('stops where somebody has changed the host since, and says how it differs', async () => {
    const boot = await bootId(lab);
    await lab.sh(`cp -p ${settings} /root/kept; echo 'log { verbose = 0 }' >> ${settings}`);
    const run = await apply();
    await lab.sh(`mv /root/kept ${settings}`);
    assert.match(refusal(run), /not as planned: it would make another change than the plan has/);
    const [difference] = run.result('LVM has its settings').diff;
    assert.match(String(difference?.before), /^log \{ verbose = 0 \}$/m);
    assert.deepEqual(run.changed, ['The volume group is on its devices']);
    assert.equal(await bootId(lab), boot);
  });

  it('tunes it, reboot included, and leaves nothing to do', async () => {
    const boot = await bootId(lab);
    fine(await apply());
    assert.notEqual(await bootId(lab), boot, 'it was not rebooted');
    const left = fine(await play(lab, playbook, '--check', ...state, ...iso));
    assert.deepEqual([left.changed, left.unknown, left.pending], [[], [], []]);
    await assertTuned(lab);
  });
});
