import assert from 'node:assert/strict';
import type { Target } from '../../src/connections/connection.ts';
import { createLink, type Link } from '../../src/connections/link/link.ts';
import { noPasswords } from '../../src/connections/passwords.ts';
import { createSemaphore } from '../../src/connections/semaphore.ts';
import { reconnect } from '../../src/run/module/recover.ts';

const here: Target = {
  host: 'it',
  connection: 'local',
  address: 'it',
  privateKeyFiles: [],
  knownHostsFiles: [],
  sshArguments: [],
  hostKeys: 'strict',
  timeout: 10,
  run: {},
};
const closed = { code: 'connection.closed', message: /^The run has ended for it: / };

describe('a link', () => {
  let link: Link;
  beforeEach(() => {
    link = createLink(here, noPasswords, createSemaphore(1));
  });
  afterEach(() => link.close());

  it('connects again once it was reset', async () => {
    const first = await link.session();
    link.reset();
    assert.equal(link.state(), 'down');
    assert.notEqual((await link.session()).identity().pid, first.identity().pid);
  });

  it('never connects again once it was closed', async () => {
    await link.session();
    link.close();
    await assert.rejects(link.session(), closed);
    link.reset();
    await assert.rejects(link.session(), closed);
    assert.equal(link.state(), 'down');
    assert.deepEqual(link.all(), []);
  });

  it('gives up a connection that was being made when it was closed', async () => {
    const opening = link.session();
    link.close();
    await assert.rejects(opening, closed);
    assert.deepEqual(link.all(), []);
  });

  it('gives up a session that was being opened when it was closed', async () => {
    await link.session();
    const opening = link.session({ method: 'su', user: 'root' });
    await new Promise(done => setImmediate(done));
    link.close();
    await assert.rejects(opening);
    assert.deepEqual(link.all(), []);
  });

  it('is not waited for once it was closed', async () => {
    link.close();
    await assert.rejects(reconnect({ host: { link }, become: undefined }, 60), closed);
  });
});
