import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli, fine, play } from './hostwright.ts';
import { type IsoServer, serveIso } from './iso-server.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { startTestLab } from './test-lab.ts';

const playbooks = globSync('playbooks/*.yml').sort();

/** What needs the CPUs of a larger host, by the test that carries it out on one. */
const larger: Record<string, string> = {
  'playbooks/cpu-isolation.yml': 'cpu-isolation.test.ts',
  'playbooks/full.yml': 'full.test.ts',
  'playbooks/site.yml': 'site.test.ts',
  'playbooks/vcpupin.yml': 'vcpupin.test.ts',
};

/** What only reads, and what finds no such hardware in this lab, has nothing to foresee. */
const idle = ['playbooks/sriov.yml', 'playbooks/verify.yml'];

describe('the playbooks in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;
  let server: IsoServer;

  before(async function () {
    lab = await startTestLab(this, 'playbooks');
    server = await serveIso('drivers.iso');
  });
  after(async () => {
    await lab?.stop();
    await server?.stop();
  });

  it('that need a larger host are carried out on one', () => {
    for (const [playbook, file] of Object.entries(larger))
      assert.ok(readFileSync(join(import.meta.dirname, file), 'utf8').includes(playbook), `${file} has no ${playbook}`);
  });

  it('are sound', async () => {
    const { code, stderr, stdout } = await cli(['lint', ...playbooks]);
    assert.equal(code, 0, stdout + stderr);
  });

  it('say in check mode what they would change, and change nothing', async () => {
    const iso = ['-e', JSON.stringify({ iso_url: server.url, iso_sha256: server.sha256, iso_version: '1.0' })];
    const before = await lookAt(lab);
    for (const playbook of playbooks.filter(one => !(one in larger))) {
      const check = fine(await play(lab, playbook, '--check', ...iso));
      const acts = check.changed.length + check.unknown.length > 0;
      assert.equal(acts, !idle.includes(playbook), `${playbook} would do ${acts ? 'something' : 'nothing'}`);
    }
    await assertUntouched(lab, before, 'check mode');
  });
});
