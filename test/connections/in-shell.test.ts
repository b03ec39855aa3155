import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { connectLocal } from '../../src/connections/local.ts';
import { openSession } from '../../src/connections/session.ts';
import { inShell, raw } from '../../src/shell/quote.ts';
import { script } from '../../src/shell/script.ts';

describe('a section that runs in the shell itself', function () {
  this.timeout(120_000);

  it('has an answer as others have: its code, both streams, and nothing to read', async () => {
    await withSession(async session => {
      const answer = await session.ask(
        script({
          one: inShell(raw('hw_code() { echo out; echo wrong >&2; return 3; }; hw_code')),
          two: inShell(raw('read -r hw_line; echo "$?"')),
          three: raw('echo $$'),
        }),
        { limit: 10 },
      );
      const { one, two } = answer;
      assert.deepEqual([one?.code, one?.stdout, one?.stderr], [3, 'out\n', 'wrong\n']);
      assert.equal(two?.stdout, '1\n');
      assert.equal(answer.three?.stdout, `${session.identity().pid}\n`);
    });
  });

  it('ends with its shell where it hangs, at its limit; the next script has another shell', async () => {
    await withSession(async session => {
      const { pid } = session.identity();
      const endless = script({ endless: inShell(raw('while :; do :; done')) });
      const behind = script({ behind: raw('echo behind') });
      const [hung, other] = await Promise.allSettled([
        session.ask(endless, { limit: 1 }),
        session.ask(behind, { limit: 10 }),
      ]);
      assert.equal(hung.status === 'rejected' && hung.reason.code, 'script.timeout');
      assert.equal(other.status === 'rejected' && other.reason.name, 'Spoiled');
      // Until Node has asked for it, it is a zombie.
      while (existsSync(`/proc/${pid}`)) await setTimeout(20);
      const next = await session.run(script({ next: raw('echo next') }), { limit: 10 });
      assert.equal(next.next?.stdout, 'next\n');
      assert.notEqual(session.identity().pid, pid);
    });
  });
});

async function withSession(work: (session: Awaited<ReturnType<typeof openSession>>) => Promise<void>): Promise<void> {
  const connection = await connectLocal();
  const session = await openSession(connection, { timeout: 10 });
  try {
    await work(session);
  } finally {
    session.close();
    connection.close();
  }
}
