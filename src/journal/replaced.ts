import type { NumberedEvent, TaskName, TaskResult } from '../events/event.ts';
import type { Replaced } from '../events/result.ts';
import type { RunStart } from '../events/run-start.ts';
import type { EventReader } from '../events/stream.ts';
import { secretMark } from '../values/mask-secrets.ts';
import { editedRun, UnusableRun } from './errors.ts';
import { isAtWork } from './process-mark.ts';
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
  /** SHA-256 of what the run may have left in its place; empty where that is not known. */
  readonly left: readonly string[];
}

/** A change that was sent, and how it ended as far as that is recorded. */
interface Sent {
  readonly event: Changing;
  readonly result?: TaskResult;
}

/** Reads the events of a run for what it replaced. */
export interface ReplacedWatch {
  readonly read: EventReader;
  /** What it replaced, as far as neither `no_log` nor a secret in its name hides it. */
  readonly replacements: () => readonly Replacement[];
}

/** Begins to read the events of a run. */
export function watchReplaced(): ReplacedWatch {
  const ended: Sent[] = [];
  const open = new Map<string, Sent>();
  function read(event: NumberedEvent): void {
    // A change that is sent again was not made before: the host was not as it had been looked at.
    if (event.type === 'task.changing') open.set(event.host, { event });
    const sent = 'host' in event && event.host !== undefined && endsChange(event) ? open.get(event.host) : undefined;
    if (!sent) return;
    open.delete(sent.event.host);
    ended.push('result' in event ? { ...sent, result: event.result } : sent);
  }
  const changes = () => [...ended, ...open.values()].toSorted((one, other) => one.event.seq - other.event.seq);
  return { read, replacements: () => replacementsOf(changes()) };
}

/**
 * What a recorded run replaced, which is over.
 * @throws UnusableRun where its journal cannot be read or was edited, and where the run goes on
 */
export async function readReplaced(state: string, id: string): Promise<readonly Replacement[]> {
  const { read, replacements } = watchReplaced();
  let start: RunStart | undefined;
  const { cut, edited } = await readJournal(state, id, event => {
    if (event.type === 'run.started') start = event;
    read(event);
  });
  if (edited) throw editedRun(id);
  if (cut && start && isAtWork(start.origin)) throw new UnusableRun('under-way', `The run ${id} is still under way.`);
  return replacements();
}

function endsChange({ type }: NumberedEvent): boolean {
  return type === 'item.finished' || type === 'task.finished' || type === 'task.retrying';
}

function replacementsOf(changes: readonly Sent[]): readonly Replacement[] {
  const all = changes.flatMap(sent => replacedBy(sent).map(was => ({ sent, was, host: hostOf(sent) })));
  const last = new Map(all.map(({ sent, was, host }) => [`${host} ${subjectOf(was)}`, leftBy(sent, was)]));
  const found = new Map<string, { readonly task: TaskName; readonly subject: string; hosts: Map<string, Before> }>();
  for (const { sent, was, host } of all) {
    const { task, become } = sent.event;
    const subject = subjectOf(was);
    const key = `${task.id} ${subject}`;
    const { hosts } = found.get(key) ?? { hosts: new Map<string, Before>() };
    found.set(key, { task, subject, hosts });
    const left = last.get(`${host} ${subject}`) ?? [];
    if (!hosts.has(host)) hosts.set(host, { was, left, ...(become && { become }) });
  }
  return [...found.values()].map((one, at) => Object.freeze({ ...one, number: at + 1 }));
}

/**
 * What it replaced, without what a secret was taken out of, for that would be another, and what a
 * later version may have come to know.
 */
function replacedBy({ event: { replaces = [], masked } }: Sent): readonly Replaced[] {
  const known = replaces.filter(({ kind }) => kinds.has(kind));
  return masked ? known.filter(was => !JSON.stringify(was).includes(secretMark)) : known;
}

const kinds: ReadonlySet<string> = new Set<Replaced['kind']>(['file', 'domain', 'kernel parameters']);

/** The host that was changed. */
function hostOf({ event: { host, on } }: Sent): string {
  return on ?? host;
}

/** Hashes of what it may have left: one that failed or was cut may have replaced nothing. */
function leftBy({ result }: Sent, was: Replaced): readonly string[] {
  if (was.kind === 'domain') {
    const definition = result?.fields.definition;
    return typeof definition === 'string' ? [definition] : [];
  }
  if (was.kind !== 'file' || was.after === undefined) return [];
  const isDone = result?.status === 'changed' || result?.status === 'ok';
  return isDone || was.sha256 === undefined ? [was.after] : [was.after, was.sha256];
}

function subjectOf(was: Replaced): string {
  if (was.kind === 'file') return was.path;
  if (was.kind === 'domain') return `domain ${was.name}`;
  const names = [...was.parameters.map(token => token.replace(/=.*/s, '')), ...was.absent];
  return `${was.kind} ${[...new Set(names)].toSorted().join(' ')}`;
}
