import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { noPasswords } from '../../src/connections/passwords.ts';
import { openSession } from '../../src/connections/session.ts';
import { connectSsh } from '../../src/connections/ssh/ssh.ts';
import { sh } from '../../src/shell/quote.ts';
import { script } from '../../src/shell/script.ts';
import { type Farm, startFarm } from '../sshd/farm.ts';
import { targetOf } from './target.ts';

describe('an sshd with MaxSessions 1', function () {
  this.timeout(60_000);
  let farm: Farm;
  let folder: string;
  before(async () => {
    farm = await startFarm({ hosts: 1, config: ['MaxSessions 1'] });
    folder = mkdtempSync(join(tmpdir(), 'hw-sessions-'));
  });
  after(async () => {
    await farm.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes a file while a shell is open', async () => {
    const connection = await connectSsh(targetOf(farm), noPasswords);
    const session = await openSession(connection, { timeout: 10 });
    const bytes = randomBytes(200_000);
    await session.put({ to: join(folder, 'file') }, { bytes });
    assert.deepEqual(readFileSync(join(folder, 'file')), bytes);
    connection.close();
  });

  it('stops what has passed its limit', async () => {
    const connection = await connectSsh(targetOf(farm), noPasswords);
    const session = await openSession(connection, { timeout: 10 });
    const slow = script({ it: sh`sleep 33.125` });
    await assert.rejects(session.run(slow, { limit: 1 }), { code: 'script.timeout' });
    const { left } = await session.run(script({ left: sh`pgrep -fx 'sleep 33.125' || echo none` }), { limit: 10 });
    assert.equal(left?.stdout, 'none\n');
    connection.close();
  });
});

describe('an sshd with MaxSessions 0', () => {
  it('is named with the setting', async () => {
    const farm = await startFarm({ hosts: 1, config: ['MaxSessions 0'] });
    try {
      const connection = await connectSsh(targetOf(farm), noPasswords);
      await assert.rejects(openSession(connection, { timeout: 10 }), { code: 'connection.no-session' });
      connection.close();
    } finally {
      await farm.stop();
    }
  });
});

describe('an sshd with MaxStartups 1', function () {
  this.timeout(60_000);

  it('lets eight hosts in that come at once, one after the other', async () => {
    const farm = await startFarm({ hosts: 1, config: ['MaxStartups 1:100:1'] });
    try {
      const logins = Array.from({ length: 8 }, () => connectSsh(targetOf(farm, { timeout: 30 }), noPasswords));
      for (const { close } of await Promise.all(logins)) close();
    } finally {
      await farm.stop();
    }
  });

  it('is named with the setting where it lets no connection in', async () => {
    const farm = await startFarm({ hosts: 1, config: ['MaxStartups 1:100:1'] });
    const { address, port } = farm.hosts[0]!;
    const silent = await greeted(port, address);
    try {
      await assert.rejects(
        connectSsh(targetOf(farm, { timeout: 2 }), noPasswords),
        (error: Error & { hint: string }) => {
          assert.match(error.message, /hung up before the login, each time/);
          assert.match(error.hint, /MaxStartups/);
          return true;
        },
      );
    } finally {
      silent.destroy();
      await farm.stop();
    }
  });
});

/**
 * A connection that was greeted and answers nothing, so it takes a place until the test ends.
 * Before that, the connection that saw the daemon start may still take the only one, and sshd says
 * so instead of greeting.
 */
async function greeted(port: number, address: string): Promise<Socket> {
  for (;;) {
    const silent = connect(port, address);
    const [greeting] = (await once(silent, 'data')) as [Buffer];
    if (greeting.toString('latin1').startsWith('SSH-')) return silent;
    silent.destroy();
    await setTimeout(20);
  }
}
