import { exitCodes } from '../errors.ts';
import type { Counts, NumberedEvent, TaskName } from '../events/event.ts';
import { emptyTally, reduceTally, type Tally } from '../events/reduce.ts';
import type { Pending } from '../events/result.ts';
import type { RunStart } from '../events/run-start.ts';
import { isSameTask } from '../run/state/left-over.ts';
import { UnusableRun } from './errors.ts';
import { isAtWork } from './process-mark.ts';
import { type Condition, readJournal } from './read.ts';

/**
 * How a run ended: `cut` is a run whose process is gone without an end, and `unknown` one of
 * another machine that has no end yet.
 */
export type RunStatus =
  | 'ok'
  | 'changed'
  | 'failed'
  | 'unreachable'
  | 'interrupted'
  | 'defect'
  | 'cut'
  | 'under way'
  | 'unknown';

/** What became of a host in a run. */
export interface HostSummary {
  readonly counts: Counts;
  /** It has not gone through all of its plays, for whatever reason. */
  readonly unfinished: boolean;
  readonly pending: readonly Pending[];
  /** Handlers that were notified and did not run. */
  readonly owed: readonly TaskName[];
  /** The id of the boot that it was last seen in. */
  readonly boot?: string;
  /** The change that was sent and never ended. */
  readonly inFlight?: TaskName;
}

/** What a run came to. */
export interface RunSummary extends Condition {
  readonly id: string;
  readonly start: RunStart;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Until its end, or its last event. */
  readonly seconds: number;
  readonly status: RunStatus;
  readonly exitCode?: number;
  readonly hosts: Readonly<Record<string, HostSummary>>;
  /** Roles and modules that tasks were of. */
  readonly roles: readonly string[];
  readonly modules: readonly string[];
}

/** What is known of a host as far as its events were read. */
interface HostSoFar {
  readonly tally: Tally;
  readonly owed: readonly TaskName[];
  /** What is pending, as far as it is known without an end. */
  readonly pending: readonly Pending[];
  readonly boot?: string;
  readonly inFlight?: TaskName;
  readonly end?: Extract<NumberedEvent, { type: 'host.finished' }>;
}

const unknownHost: HostSoFar = Object.freeze({ tally: emptyTally, owed: [], pending: [] });

/**
 * Sums a recorded run up.
 * @throws UnusableRun as {@link readJournal}, where it has not even begun, and where its events are
 * not what a run writes
 */
export async function sumUp(state: string, id: string): Promise<RunSummary> {
  try {
    return await summaryOfRun(state, id);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new UnusableRun('form', `The journal of the run ${id} has events of another form: ${cause.message}`);
  }
}

async function summaryOfRun(state: string, id: string): Promise<RunSummary> {
  const hosts = new Map<string, HostSoFar>();
  const roles = new Set<string>();
  const modules = new Set<string>();
  let first: NumberedEvent | undefined;
  let last: NumberedEvent | undefined;
  const condition = await readJournal(state, id, event => {
    first ??= event;
    last = event;
    if ('host' in event && event.host !== undefined)
      hosts.set(event.host, withEvent(hosts.get(event.host) ?? unknownHost, event));
    if (event.type !== 'task.finished') return;
    modules.add(event.task.module);
    if (event.task.role !== undefined) roles.add(event.task.role);
  });
  if (first?.type !== 'run.started' || !last) throw notBegun(id);
  const { seq: _, time, type: __, masked: ___, ...start } = first;
  const end = last.type === 'run.finished' ? last : undefined;
  return Object.freeze({
    ...condition,
    id,
    start,
    time,
    // The clock may have been set back in between.
    seconds: end?.seconds ?? Math.max(0, Date.parse(last.time) - Date.parse(time)) / 1000,
    status: end ? statusOf(end) : withoutEnd(start),
    ...(end && { exitCode: end.exitCode }),
    hosts: Object.fromEntries(
      [...new Set([...start.hosts, ...hosts.keys()])].map(host => [host, summaryOf(hosts.get(host) ?? unknownHost)]),
    ),
    roles: [...roles].toSorted(),
    modules: [...modules].toSorted(),
  });
}

function notBegun(id: string): UnusableRun {
  return new UnusableRun('empty', `The run ${id} ended before its first event: nothing was done.`);
}

function withEvent(before: HostSoFar, event: NumberedEvent): HostSoFar {
  const known = { ...before, tally: reduceTally(before.tally, event) };
  switch (event.type) {
    case 'host.owes':
      return {
        ...known,
        owed: event.owed,
        pending: event.due,
        ...(event.boot === undefined ? {} : { boot: event.boot }),
      };
    case 'task.changing':
      return { ...inBoot(known, event.boot), inFlight: event.task };
    case 'task.finished':
      return withTask(known, event);
    case 'host.finished':
      return { ...known, end: event };
    default:
      return known;
  }
}

/** A reboot that was due in an earlier boot has come. */
function inBoot(known: HostSoFar, boot: string | undefined): HostSoFar {
  if (boot === undefined || boot === known.boot) return known;
  const pending = known.boot === undefined ? known.pending : known.pending.filter(({ kind }) => kind !== 'reboot');
  return { ...known, boot, pending };
}

function withTask(
  { inFlight: _, ...known }: HostSoFar,
  { task, result, notified = [] }: Extract<NumberedEvent, { type: 'task.finished' }>,
): HostSoFar {
  const isDone = task.handler && result.status !== 'failed';
  const others = known.owed.filter(owed => !(isDone && isSameTask(owed, task)));
  const called = notified.filter(name => !others.some(owed => isSameTask(owed, name)));
  const isNew = (item: Pending) =>
    !known.pending.some(({ kind, subject }) => kind === item.kind && subject === item.subject);
  return { ...known, owed: [...others, ...called], pending: [...known.pending, ...result.pending.filter(isNew)] };
}

function summaryOf({ tally, owed, pending, inFlight, end, ...known }: HostSoFar): HostSummary {
  const boot = end?.boot ?? known.boot;
  return Object.freeze({
    counts: tally.counts,
    unfinished: end ? end.unfinished === true : true,
    pending: end?.pending ?? pending,
    owed: end?.owed ?? owed,
    ...(boot === undefined ? {} : { boot }),
    ...(inFlight && { inFlight }),
  });
}

function statusOf({ exitCode, hosts }: Extract<NumberedEvent, { type: 'run.finished' }>): RunStatus {
  const counts = Object.values(hosts);
  if (exitCode === exitCodes.interrupted || exitCode === exitCodes.journal) return 'interrupted';
  if (exitCode === exitCodes.defect) return 'defect';
  if (counts.some(({ failed }) => failed > 0)) return 'failed';
  if (counts.some(({ unreachable, lost }) => unreachable + lost > 0)) return 'unreachable';
  return counts.some(({ changed }) => changed > 0) ? 'changed' : 'ok';
}

function withoutEnd({ origin }: RunStart): RunStatus {
  const atWork = isAtWork(origin);
  if (atWork === undefined) return 'unknown';
  return atWork ? 'under way' : 'cut';
}
