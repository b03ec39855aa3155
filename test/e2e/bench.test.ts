import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBenchFarm } from '../bench/bench-farm.ts';
import { bring } from '../bench/bring.ts';
import { fromSources } from '../bench/hostwright.ts';
import { peers } from '../bench/peers.ts';
import { writeProject } from '../bench/project.ts';
import { treeOf } from '../bench/tree.ts';
import type { Farm } from '../sshd/farm.ts';

describe('the farm of the bench', function () {
  this.timeout(60_000);
  let access: Farm;
  let folder: string;
  let mask: number;
  before(async () => {
    // The hosts are processes of this machine, and what is made there has no mode of its own.
    mask = process.umask(0o022);
    access = await startBenchFarm(2);
    folder = mkdtempSync(join(tmpdir(), 'hw-bench-'));
  });
  after(async () => {
    process.umask(mask);
    await access.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('lets Hostwright and the script do the same, and nothing when all is as it should be', async () => {
    const project = writeProject(join(folder, 'project'), 20);
    const trees = [];
    for (const name of ['hostwright', 'script']) {
      const root = join(folder, name);
      // It throws where a run did not change all of it, or the second run changed something.
      await bring(
        peers.find(peer => peer.name === name)!,
        { hostwright: fromSources, access, folder, project, root },
        AbortSignal.timeout(60_000),
      );
      trees.push(treeOf(root));
    }
    assert.equal(trees[0], trees[1]);
    assert.match(trees[0]!, /^host1\/part0\/text 644 Line 0 of file 0/m);
    assert.equal(readFileSync(join(folder, 'script/host2/host.conf'), 'utf8'), 'host = host2\nplace = host\n');
  });
});
