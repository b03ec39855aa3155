import { ConnectionLost, NotBecome, Unreachable } from '../../connections/errors.ts';
import type { Link } from '../../connections/link/link.ts';
import type { TaskResult } from '../../events/event.ts';
import type { FactGroup } from '../../facts/fact.ts';
import { CannotTell } from '../../shell/answer.ts';
import type { Privilege } from '../../shell/become.ts';
import { all } from '../../shell/look.ts';
import { failure, result } from '../result/results.ts';
import type { HostRun } from '../state/task-run.ts';

/** Seconds for all groups together. */
const limit = 60;

/** Asks for several groups in one round trip. @throws CannotTell, Unreachable, ConnectionLost */
export async function askFacts(
  link: Link,
  groups: readonly FactGroup[],
  become: Privilege | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const session = await link.session(become);
  const facts = all(Object.fromEntries(groups.map(group => [group.name, group])));
  const answer = await session.run(facts.probe, { limit });
  return { ...facts.read(answer), at: new Date().toISOString() };
}

/**
 * Gathers the groups that the play of a host reads, and tells of them; nothing if it reads none.
 * Returns what went wrong.
 */
export async function gatherFacts(
  { run, host }: HostRun,
  become: () => Privilege | undefined,
): Promise<TaskResult | undefined> {
  if (run.facts.length === 0) return undefined;
  const recorded = host.replay?.nextFacts();
  try {
    host.facts = recorded ?? (await askFacts(host.link, run.facts, become()));
    run.events.emit({ type: 'host.facts', host: host.name, facts: host.facts });
    return undefined;
  } catch (error) {
    const hint = (error as { hint?: string }).hint;
    if (error instanceof Unreachable || error instanceof ConnectionLost) {
      return result('unreachable', error.message, hint === undefined ? {} : { hint });
    }
    if (error instanceof CannotTell || error instanceof NotBecome)
      return failure(error, { message: `facts cannot be gathered: ${error.message}` });
    throw error;
  }
}
