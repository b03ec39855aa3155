import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { play, temporaryFolder } from '../run/engine.ts';
import { pendingModules, pendingPlay } from '../run/pending-modules.ts';
import { type Farm, startFarm } from '../sshd/farm.ts';

describe('three hosts with a pending reboot', () => {
  const { path } = temporaryFolder();
  let farm: Farm;
  before(async () => {
    farm = await startFarm({ hosts: 3 });
  });
  after(() => farm.stop());

  it('go down one after the other', async () => {
    const { counts, exitCode } = await play(pendingPlay(path), {
      modules: pendingModules(path('log')),
      allow: ['reboot'],
      inventory: [farm.inventoryFile],
      connection: 'ssh',
    });
    const log = readFileSync(path('log'), 'utf8').trim().split('\n');
    assert.deepEqual(log, ['down', 'up', 'down', 'up', 'down', 'up']);
    assert.deepEqual([counts('host1').changed, counts('host3').pending, exitCode], [1, 0, 0]);
  });
});
