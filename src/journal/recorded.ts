import type { NumberedEvent, TaskResult } from '../events/event.ts';
import type { Recorded, RecordedHost, RecordedTask } from '../run/state/recorded.ts';
import { editedRun } from './errors.ts';
import { readJournal } from './read.ts';

type Finished = Extract<NumberedEvent, { type: 'task.finished' }>;

/** What is known of a host as far as its events were read. */
interface HostSoFar {
  readonly finished: Map<string, Finished>;
  /** Numbers of the events of failures that nothing has rescued so far. */
  failures: number[];
  readonly items: Map<string, Map<number, TaskResult>>;
  readonly facts: { readonly seq: number; readonly facts: Readonly<Record<string, unknown>> }[];
  inFlight: Extract<NumberedEvent, { type: 'task.changing' }> | undefined;
  /** Places of the tasks that were not taken over from an earlier run. */
  readonly started: Set<string>;
  /** Places of the tasks that have sent a change. */
  readonly changing: Set<string>;
  end: Extract<NumberedEvent, { type: 'host.finished' }> | undefined;
}

/**
 * Reads what a recorded run has done, for one that continues it.
 * @param repeat whether what may have run is to run again
 * @throws UnusableRun where its journal, or that of a run which it continued, cannot be read or was
 * edited
 */
export async function readRecorded(state: string, id: string, repeat: boolean): Promise<Recorded> {
  return Object.freeze({ run: id, repeat, hosts: await recordedHosts(state, id) });
}

async function recordedHosts(state: string, id: string): Promise<ReadonlyMap<string, RecordedHost>> {
  const hosts = new Map<string, HostSoFar>();
  let resumes: string | undefined;
  const { edited } = await readJournal(state, id, event => {
    if (event.type === 'run.started') resumes = event.resumes;
    if (!('host' in event) || event.host === undefined) return;
    const known = hosts.get(event.host) ?? newHost();
    hosts.set(event.host, known);
    takeIn(known, event);
  });
  if (edited) throw editedRun(id);
  const records = new Map(resumes === undefined ? [] : await recordedHosts(state, resumes));
  for (const [name, host] of hosts) records.set(name, continued(records.get(name), host));
  return records;
}

/**
 * What a run has of a host, with what an earlier run has that it continued: all of it where it was
 * cut before it came to the end of that, and else a change in flight, if it has not settled that.
 */
function continued(earlier: RecordedHost | undefined, host: HostSoFar): RecordedHost {
  const record = recordOf(host);
  if (!earlier) return record;
  const open = earlier.inFlight && !hasSettled(host, earlier.inFlight.place) ? earlier.inFlight : undefined;
  const inFlight = record.inFlight ?? open;
  const isPast = [...host.started].some(place => !earlier.secret.has(place) && place !== open?.place);
  const { inFlight: _, ...rest } = isPast ? record : earlier;
  return Object.freeze({ ...rest, ...(inFlight && { inFlight }) });
}

function hasSettled({ changing, finished }: HostSoFar, place: string): boolean {
  const last = finished.get(place);
  return changing.has(place) || (last !== undefined && isDone(last.result));
}

function newHost(): HostSoFar {
  return {
    finished: new Map(),
    failures: [],
    items: new Map(),
    facts: [],
    inFlight: undefined,
    started: new Set(),
    changing: new Set(),
    end: undefined,
  };
}

function takeIn(host: HostSoFar, event: NumberedEvent): void {
  switch (event.type) {
    case 'host.facts':
      if (!event.masked) host.facts.push(event);
      return;
    case 'task.started':
      host.started.add(event.place);
      return;
    case 'task.changing':
      host.inFlight = event;
      host.changing.add(event.place);
      return;
    case 'item.finished': {
      if (event.masked || !isDone(event.result)) return;
      const items = host.items.get(event.place) ?? new Map<number, TaskResult>();
      host.items.set(event.place, items.set(event.index, event.result));
      return;
    }
    case 'task.finished':
      host.finished.set(event.place, event);
      // What was lost in the middle may have been done.
      if (event.result.status !== 'lost') host.inFlight = undefined;
      if (hasFailed(event.result)) host.failures.push(event.seq);
      return;
    case 'task.rescued':
      host.failures = [];
      return;
    case 'host.finished':
      host.end = event;
  }
}

function recordOf({ finished, failures, items, facts, inFlight, end }: HostSoFar): RecordedHost {
  const firstFailure = failures[0] ?? Number.POSITIVE_INFINITY;
  const good = [...finished.values()].filter(event => isOver(event) && event.seq < firstFailure);
  const again = new Set(good.filter(isSecret).map(({ place }) => place));
  const tasks = good.filter(({ place }) => !again.has(place)).map(event => [event.place, taskOf(event)] as const);
  const isOpen = (place: string) => (finished.get(place)?.seq ?? firstFailure) === firstFailure;
  return Object.freeze({
    tasks: new Map(tasks),
    items: new Map([...items].filter(([place]) => isOpen(place))),
    secret: again,
    afterFailure: [...finished.values()].filter(({ seq }) => seq > firstFailure).map(({ place }) => place),
    facts: facts.map(({ seq, facts: found }) => ({ seq, facts: found })),
    ...(inFlight && { inFlight: changeOf(inFlight) }),
    owed: new Set(end?.owed.map(({ id }) => id)),
    ...(end?.boot === undefined ? {} : { boot: end.boot }),
  });
}

function changeOf({ place, unproven, boot, fields }: NonNullable<HostSoFar['inFlight']>) {
  return { place, isProven: unproven !== true, ...(boot === undefined ? {} : { boot }), ...(fields && { fields }) };
}

function taskOf({ task, result, leaves = {}, seconds, seq }: Finished): RecordedTask {
  return { task, result, leaves, seconds, seq };
}

/** Whether a task need not run again; a failure only where the run went on after it. */
function isOver({ result, leaves }: Finished): boolean {
  return !leaves?.partial && (isDone(result) || result.status === 'failed');
}

/** Whether later tasks may need of it what the journal does not have. */
function isSecret({ masked, leaves }: Finished): boolean {
  return masked === true && leaves !== undefined;
}

function isDone({ status }: TaskResult): boolean {
  return status === 'ok' || status === 'changed' || status === 'skipped';
}

function hasFailed({ status, ignored }: TaskResult): boolean {
  return !ignored && (status === 'failed' || status === 'unreachable' || status === 'lost');
}
