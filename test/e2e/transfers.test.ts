import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noPasswords } from '../../src/connections/passwords.ts';
import { openSession, type Session } from '../../src/connections/session.ts';
import { connectSsh } from '../../src/connections/ssh/ssh.ts';
import { sha256Of } from '../../src/host/file/goal.ts';
import { type Farm, startFarm } from '../sshd/farm.ts';
import { targetOf } from './target.ts';

describe('files over SSH', function () {
  this.timeout(120_000);
  let farm: Farm;
  let folder: string;
  before(async () => {
    farm = await startFarm({ hosts: 1 });
    folder = mkdtempSync(join(tmpdir(), 'hw-transfers-'));
  });
  after(async () => {
    await farm.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function withSession(body: (session: Session) => Promise<void>): Promise<void> {
    const connection = await connectSsh(targetOf(farm), noPasswords);
    try {
      await body(await openSession(connection, { timeout: 10 }));
    } finally {
      connection.close();
    }
  }

  it('come to the controller byte for byte, larger than any window', async () => {
    const bytes = randomBytes(24 * 1024 * 1024);
    writeFileSync(join(folder, "it's $x"), bytes);
    await withSession(async session => {
      assert.equal(
        await session.get({ from: join(folder, "it's $x"), to: join(folder, 'came'), most: bytes.length }),
        sha256Of(bytes),
      );
    });
    assert.ok(readFileSync(join(folder, 'came')).equals(bytes));
    assert.equal(statSync(join(folder, 'came')).mode & 0o777, 0o600);
  });

  it('go there and come back, where they are empty too', async () => {
    await withSession(async session => {
      for (const size of [0, 1, 100_000]) {
        const bytes = randomBytes(size);
        await session.put({ to: join(folder, `there${size}`) }, { bytes });
        assert.equal(
          await session.get({ from: join(folder, `there${size}`), to: join(folder, `back${size}`), most: size }),
          sha256Of(bytes),
        );
      }
    });
  });

  it('that cannot be read are told in the words of the host', async () => {
    await withSession(async session => {
      await assert.rejects(
        session.get({ from: join(folder, 'none'), to: join(folder, 'x'), most: 1 }),
        /could not be read: .*No such file/s,
      );
      await assert.rejects(
        session.get({ from: folder, to: join(folder, 'y'), most: 1 }),
        /could not be read: .*Is a directory/s,
      );
    });
  });
});
