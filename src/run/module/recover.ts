import { Unreachable } from '../../connections/errors.ts';
import type { Link } from '../../connections/link/link.ts';
import { messageOf } from '../../errors.ts';
import type { Privilege } from '../../shell/become.ts';
import type { ShellIdentity } from '../../shell/prelude.ts';
import { script } from '../../shell/script.ts';
import { listDescendants, stillRuns } from '../../shell/stop.ts';

/** A host, and as whom its shell is had. */
interface Way {
  readonly host: { readonly link: Link };
  readonly become: Privilege | undefined;
}

/**
 * Connects again, trying until `seconds` are over. If another task on that host has a connection up
 * or is making one, that one serves both. With `oldBootId` a host that still has that boot id is
 * one that has not gone down yet: the connection does not count.
 * @throws Unreachable with the last reason, at once where no waiting helps.
 */
export async function reconnect({ host: { link }, become }: Way, seconds: number, oldBootId?: string): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  let last = 'it kept its old boot id';
  let useless = oldBootId !== undefined;
  for (let pause = 250; performance.now() < deadline; pause = Math.min(pause * 2, 3000)) {
    const state = link.state();
    if (state === 'down' || (useless && state === 'up')) link.reset();
    try {
      const session = await link.session(become);
      if (oldBootId === undefined || session.identity().bootId !== oldBootId) return;
      last = 'it has not gone down: its boot id is the old one';
    } catch (error) {
      if (isFinal(error)) throw error;
      last = messageOf(error);
    }
    useless = true;
    await new Promise(done => setTimeout(done, pause));
  }
  throw new Unreachable('connection.gone', `The host did not come back within ${seconds} s: ${last}`, {
    hint: 'Look at its console.',
  });
}

/**
 * What no waiting changes: another key of the host, a jump host that passes no connection on, the
 * end of the run.
 */
function isFinal(error: unknown): boolean {
  return error instanceof Unreachable && /^(hostkey\.|jump\.(forbidden|circle)$|connection\.closed$)/.test(error.code);
}

/**
 * Waits until the shell of an earlier connection and all it started are gone; after `seconds`, what
 * is left of them.
 */
export async function waitForOldShell(
  { host: { link }, become }: Way,
  old: ShellIdentity,
  seconds: number,
): Promise<string | undefined> {
  const deadline = performance.now() + seconds * 1000;
  for (let pause = 250; ; pause = Math.min(pause * 2, 3000)) {
    const session = await link.session(become);
    if (session.identity().bootId !== old.bootId) return undefined;
    const ask = script({ runs: stillRuns(old.pid, old.startTime) });
    const { runs } = await session.run(ask, { limit: 30 });
    if (runs?.code !== 0) return undefined;
    if (performance.now() >= deadline) {
      const left = await session.run(listDescendants(old.pid), { limit: 30 });
      return left.left?.stdout.trim() || `process ${old.pid}`;
    }
    await new Promise(done => setTimeout(done, pause));
  }
}
