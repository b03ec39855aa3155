import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { play } from '../run/engine.ts';
import { type CountingServer, startCountingServer } from './counting-server.ts';

describe('what a converged host costs', function () {
  this.timeout(120_000);
  let server: CountingServer;
  let folder: string;
  before(async () => {
    server = await startCountingServer();
    folder = mkdtempSync(join(tmpdir(), 'hw-round-trips-'));
  });
  after(() => {
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is one connection, one channel and two round trips: what the first tasks ask, and the others', async () => {
    const tasks = Array.from(
      { length: 50 },
      (_, at) => `    - copy: {content: "${at}", dest: ${folder}/f${at}, mode: "0644"}`,
    );
    const text = `- hosts: counted\n  tasks:\n${tasks.join('\n')}\n`;
    const options = { inventory: [server.inventoryFile], connection: 'ssh' as const };
    const first = await play(text, options);
    assert.equal(first.counts().changed, 50);
    assert.ok(server.counts().roundTrips <= 53, `${server.counts().roundTrips} round trips`);
    server.reset();

    const second = await play(text, options);

    assert.equal(second.counts().ok, 50);
    assert.equal(second.counts().changed, 0);
    assert.equal(server.counts().connections, 1);
    assert.equal(server.counts().channels, 1);
    assert.ok(server.counts().roundTrips <= 2, `${server.counts().roundTrips} round trips`);
    assert.equal(server.counts().questions, 0, 'a key was shown without its signature');
  });

  it('is not one turn more where another user does the work', async () => {
    const text = '[{hosts: counted, tasks: [{name: it, command: {argv: ["true"], creates: /}}]}]';
    const options = { inventory: [server.inventoryFile], connection: 'ssh' as const };
    const costs = [];
    for (const become of [false, true]) {
      server.reset();
      const run = await play(text.replace('hosts', `become: ${become}, hosts`), options);
      assert.equal(run.counts().ok, 1);
      const { channels, roundTrips } = server.counts();
      costs.push({ channels, roundTrips });
    }
    assert.deepEqual(costs, [
      { channels: 1, roundTrips: 1 },
      { channels: 1, roundTrips: 1 },
    ]);
  });

  it('gives a connection up once nothing comes for its host', async () => {
    const options = { inventory: [server.inventoryFile], connection: 'ssh' as const, forks: 1 };
    const task = 'tasks: [{name: it, command: "true"}]';
    server.reset();
    const run = await play(`[{hosts: all, ${task}}]`, options);
    assert.equal(run.counts('third').changed, 1);
    assert.deepEqual([server.counts().connections, server.counts().together <= 2], [3, true]);

    server.reset();
    await play(`[{hosts: all, ${task}}, {hosts: others, ${task}}]`, options);
    assert.equal(server.counts().connections, 3, 'a host that comes again was let go');

    server.reset();
    await play('[{hosts: all, tasks: [{name: it, command: "true", delegate_to: counted}]}]', options);
    assert.equal(server.counts().connections, 1, 'a host that others work on was let go');
  });
});
