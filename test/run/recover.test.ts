import assert from 'node:assert/strict';
import { Unreachable } from '../../src/connections/errors.ts';
import type { Link } from '../../src/connections/link/link.ts';
import type { Session } from '../../src/connections/session.ts';
import { reconnect } from '../../src/run/module/recover.ts';

describe('a link that is made again', () => {
  it('counts once the host has another boot id, and each time it has not, the connection is given up', async () => {
    const host = hostWithBoots(['old', 'old', 'new']);
    await reconnect({ host, become: undefined }, 10, 'old');
    assert.deepEqual(host.asked, ['old', 'old', 'new']);
    assert.equal(host.resets(), 3, 'a connection that is up is of the boot before');
  });

  it('does not count while the host keeps its boot id, however often it answers', async () => {
    const host = hostWithBoots(['old']);
    await assert.rejects(reconnect({ host, become: undefined }, 0.6, 'old'), {
      code: 'connection.gone',
      message: 'The host did not come back within 0.6 s: it has not gone down: its boot id is the old one',
    });
    assert.ok(host.asked.length > 1);
  });

  it('counts at once where nothing was to be rebooted', async () => {
    const host = hostWithBoots(['old']);
    await reconnect({ host, become: undefined }, 10);
    assert.deepEqual([host.asked, host.resets()], [['old'], 0]);
  });

  for (const code of ['hostkey.changed', 'hostkey.unknown', 'jump.forbidden']) {
    it(`is given up at once where waiting does not help: ${code}`, async () => {
      let asked = 0;
      const session = async () => {
        asked += 1;
        throw new Unreachable(code, 'so it is');
      };
      const link = { session, state: () => 'down', reset: () => undefined } as unknown as Link;
      await assert.rejects(reconnect({ host: { link }, become: undefined }, 10), { code });
      assert.equal(asked, 1);
    });
  }
});

/** A host that is always up, and says one boot id after the other; the last stays. */
function hostWithBoots(boots: readonly string[]) {
  const asked: string[] = [];
  let resets = 0;
  async function session(): Promise<Session> {
    const bootId = boots[Math.min(asked.length, boots.length - 1)] ?? '';
    asked.push(bootId);
    return { identity: () => ({ bootId }) } as Session;
  }
  function reset(): void {
    resets += 1;
  }
  const link = { session, state: () => 'up', reset } as unknown as Link;
  return { link, asked, resets: () => resets };
}
