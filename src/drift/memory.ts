import type { TaskStatus } from '../events/event.ts';
import type { RunStart } from '../events/run-start.ts';
import { UnusableRun } from '../journal/errors.ts';
import { runIds } from '../journal/folder.ts';
import { readJournal } from '../journal/read.ts';
import { startOf } from '../journal/start.ts';
import { type Deviation, deviationKey, taskKey } from './deviation.ts';
import { haveSameInputs } from './inputs.ts';
import { type Look, watchLook } from './look.ts';

/** Why a host may not be as stated, as far as the journal tells. */
export type Cause =
  /** The host was right after a run, and the inputs are the same: somebody else has changed it. */
  | { readonly kind: 'not-ours'; readonly after: string; readonly before?: string }
  /** The host was right after a run, and playbook, roles, inventory or variables have changed. */
  | { readonly kind: 'inputs'; readonly after: string }
  /** The last real runs have changed it each time: the task never finds it as it left it. */
  | { readonly kind: 'never-converges'; readonly runs: readonly string[] }
  /** No run that is recorded has left the host as stated, or seen it so. */
  | { readonly kind: 'never-applied' };

/** What the journal knows of a deviation. */
export interface Past {
  /** No earlier run saw it, or it was right in between. */
  readonly isNew: boolean;
  /** The first of the unbroken series of runs in check mode that have seen it. */
  readonly since: { readonly run?: string; readonly time: string; readonly runs: number };
  readonly cause: Cause;
}

/** Real runs in which a task that never converges has changed its host, one after the other. */
const tries = 3;

/** Journals that are read to the end at most; what is older is not asked. */
const mostJournals = 100;

/** What is known of a deviation so far, from now backwards. */
interface Trace {
  readonly deviation: Deviation;
  first: { readonly look: Look; readonly runs: number };
  /** The newest run that saw the host as stated, or left it so. */
  right: RunStart | undefined;
  /** How the newest real runs ended, the newest first. */
  readonly real: { readonly run: string; readonly status: TaskStatus }[];
}

/**
 * What the journal knows of the deviations of a look, by {@link deviationKey}: runs in check mode
 * with the same title say since when, and real runs of any title who it was.
 * @throws HostwrightError `journal.foreign`
 */
export async function recall(state: string, now: Look): Promise<ReadonlyMap<string, Past>> {
  const traces = [...now.deviations, ...now.unknown].map(deviation => newTrace(deviation, now));
  let read = 0;
  for (const run of runIds(state).toReversed()) {
    const open = traces.filter(trace => !isSettled(trace));
    if (open.length === 0 || read === mostJournals) break;
    const start = startOf(state, run);
    if (!start || !isOfInterest(start, now, open)) continue;
    const look = await lookOf(state, run);
    read += 1;
    if (look) for (const trace of open) follow(trace, { run, start, look });
  }
  return new Map(traces.map(trace => [deviationKey(trace.deviation), pastOf(trace, now)]));
}

/**
 * Whether a run in check mode with the title of this one is recorded before it.
 * @throws HostwrightError `journal.foreign`
 */
export function hasEarlier(state: string, { start: now }: Look): boolean {
  return runIds(state).some(run => {
    const start = run === now?.run ? undefined : startOf(state, run);
    return start?.check === true && start.title === now?.title;
  });
}

function newTrace(deviation: Deviation, look: Look): Trace {
  return { deviation, first: { look, runs: 1 }, right: undefined, real: [] };
}

function isSettled({ right, real }: Trace): boolean {
  return right !== undefined && (real.length === tries || real.some(({ status }) => status !== 'changed'));
}

function isOfInterest({ run, check, title, hosts }: RunStart, { start: now }: Look, open: readonly Trace[]): boolean {
  const isEarlier = run !== undefined && run !== now?.run && (now?.run === undefined || run < now.run);
  const names = new Set(hosts);
  return isEarlier && (!check || title === now?.title) && open.some(({ deviation }) => names.has(deviation.host));
}

/** What a recorded run has seen; undefined where its journal cannot be trusted. */
async function lookOf(state: string, run: string): Promise<Look | undefined> {
  const { read, look } = watchLook();
  try {
    return (await readJournal(state, run, read)).edited ? undefined : look();
  } catch (error) {
    if (error instanceof UnusableRun) return undefined;
    throw error;
  }
}

interface Earlier {
  readonly run: string;
  readonly start: RunStart;
  readonly look: Look;
}

function follow(trace: Trace, { run, start, look }: Earlier): void {
  const { deviation } = trace;
  const status = look.tasks.get(taskKey(deviation.host, deviation.task));
  // A run that did not come to the task says nothing, and breaks no series.
  if (status !== 'ok' && status !== 'changed') return;
  if (!start.check) {
    if (trace.real.length < tries) trace.real.push({ run, status });
    trace.right ??= start;
  } else if (trace.right === undefined) {
    const key = deviationKey(deviation);
    if (look.deviations.some(each => deviationKey(each) === key)) trace.first = { look, runs: trace.first.runs + 1 };
    else trace.right = start;
  }
}

function pastOf(trace: Trace, now: Look): Past {
  const { look, runs } = trace.first;
  const run = look.start?.run;
  return Object.freeze({
    isNew: look === now,
    since: { ...(run === undefined ? {} : { run }), time: look.time, runs },
    cause: causeOf(trace),
  });
}

function causeOf({ right, real, first }: Trace): Cause {
  if (real.length === tries && real.every(({ status }) => status === 'changed'))
    return { kind: 'never-converges', runs: real.map(({ run }) => run) };
  if (right?.run === undefined) return { kind: 'never-applied' };
  const { run: before, inputs } = first.look.start ?? {};
  if (!haveSameInputs(right.inputs, inputs)) return { kind: 'inputs', after: right.run };
  return { kind: 'not-ours', after: right.run, ...(before === undefined ? {} : { before }) };
}
