import type { NumberedEvent, TaskName } from '../events/event.ts';
import type { Replaced } from '../events/result.ts';
import { UnusableRun } from './errors.ts';
import { readJournal } from './read.ts';

type Changing = Extract<NumberedEvent, { type: 'task.changing' }>;

/** What a task of a run replaced, on each host where it did. */
export interface Replacement {
  /** From 1, in the order in which the run came to them. */
  readonly number: number;
  readonly task: TaskName;
  /** What it is, for people: a path, `domain vm1`, `kernel parameters hugepages`. */
  readonly subject: string;
  readonly hosts: ReadonlyMap<string, Before>;
}

/** What was on a host before a run replaced it. */
export interface Before {
  readonly was: Replaced;
  /** As whom it was replaced, where not as the one who logged in. */
  readonly become?: Changing['become'];
  /** SHA-256 of what the run left in its place, where that is known. */
  readonly left?: string;
}

/** A change that was sent, and how it ended as far as that is recorded. */
interface Sent {
  readonly event: Changing;
  /** The definition that a domain has had since. */
  readonly definition?: string;
}

/**
 * What a recorded run replaced, as far as `no_log` does not hide it.
 * @throws UnusableRun where its journal cannot be read or was edited
 */
export async function readReplaced(state: string, id: string): Promise<readonly Replacement[]> {
  const ended: Sent[] = [];
  const open = new Map<string, Sent>();
  const { edited } = await readJournal(state, id, event => {
    // A change that is sent again was not made before: the host was not as it had been looked at.
    if (event.type === 'task.changing') open.set(event.host, { event });
    const sent = 'host' in event && event.host !== undefined && endsChange(event) ? open.get(event.host) : undefined;
    if (!sent) return;
    open.delete(sent.event.host);
    ended.push('result' in event ? withDefinition(sent, event.result.fields) : sent);
  });
  if (edited)
    throw new UnusableRun('edited', `The journal of the run ${id} was changed after the run: it is not what was done.`);
  return replacementsOf([...ended, ...open.values()].toSorted((one, other) => one.event.seq - other.event.seq));
}

function endsChange({ type }: NumberedEvent): boolean {
  return type === 'item.finished' || type === 'task.finished' || type === 'task.retrying';
}

function withDefinition(sent: Sent, { definition }: Readonly<Record<string, unknown>>): Sent {
  return typeof definition === 'string' ? { ...sent, definition } : sent;
}

function replacementsOf(changes: readonly Sent[]): readonly Replacement[] {
  const all = changes.flatMap(sent => (sent.event.replaces ?? []).map(was => ({ sent, was, host: hostOf(sent) })));
  const last = new Map(all.map(({ sent, was, host }) => [`${host} ${subjectOf(was)}`, leftBy(sent, was)]));
  const found = new Map<string, { readonly task: TaskName; readonly subject: string; hosts: Map<string, Before> }>();
  for (const { sent, was, host } of all) {
    const { task, become } = sent.event;
    const subject = subjectOf(was);
    const key = `${task.id} ${subject}`;
    const { hosts } = found.get(key) ?? { hosts: new Map<string, Before>() };
    found.set(key, { task, subject, hosts });
    const left = last.get(`${host} ${subject}`);
    if (!hosts.has(host)) hosts.set(host, { was, ...(become && { become }), ...(left !== undefined && { left }) });
  }
  return [...found.values()].map((one, at) => Object.freeze({ ...one, number: at + 1 }));
}

/** The host that was changed. */
function hostOf({ event: { host, on } }: Sent): string {
  return on ?? host;
}

function leftBy({ definition }: Sent, was: Replaced): string | undefined {
  return was.kind === 'domain' ? definition : was.kind === 'file' ? was.after : undefined;
}

function subjectOf(was: Replaced): string {
  if (was.kind === 'file') return was.path;
  if (was.kind === 'domain') return `domain ${was.name}`;
  const names = [...was.parameters.map(token => token.replace(/=.*/s, '')), ...was.absent];
  return `${was.kind} ${[...new Set(names)].toSorted().join(' ')}`;
}
