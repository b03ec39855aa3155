import { ConnectionLost, NotBecome, Unreachable } from '../../connections/errors.ts';
import type { Link } from '../../connections/link/link.ts';
import type { TaskResult } from '../../events/event.ts';
import type { FactGroup } from '../../facts/fact.ts';
import { CannotTell } from '../../shell/answer.ts';
import type { Privilege } from '../../shell/become.ts';
import type { Answer, Script } from '../../shell/script.ts';
import { failure, result } from '../result/results.ts';
import type { HostState } from '../state/host-state.ts';

/** Seconds for all groups together. */
const limit = 60;

/** Asks for several groups in one round trip. @throws CannotTell, Unreachable, ConnectionLost */
export async function askFacts(
  link: Link,
  groups: readonly FactGroup[],
  become: Privilege | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const session = await link.session(become);
  const sections = groups.flatMap(({ name, probe }) =>
    probe.sections.map(section => ({ name: `${name}/${section.name}`, text: section.text })),
  );
  const script: Script = { sections };
  const answer = await session.run(script, { limit });
  const values = groups.map(({ name, read }) => [name, read(answersOf(answer, name))]);
  return { ...Object.fromEntries(values), at: new Date().toISOString() };
}

/**
 * Gathers the groups that a play reads, at its start; nothing if it reads none. Returns what went
 * wrong.
 */
export async function gatherFacts(
  host: HostState,
  groups: readonly FactGroup[],
  become: () => Privilege | undefined,
): Promise<TaskResult | undefined> {
  if (groups.length === 0) return undefined;
  try {
    host.facts = await askFacts(host.link, groups, become());
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

function answersOf(answer: Answer, group: string): Answer {
  const own = Object.entries(answer).filter(([name]) => name.startsWith(`${group}/`));
  return Object.fromEntries(own.map(([name, output]) => [name.slice(group.length + 1), output]));
}
