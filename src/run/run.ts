import { availableParallelism } from 'node:os';
import { createSemaphore } from '../connections/semaphore.ts';
import { exitCodes } from '../errors.ts';
import type { Counts, RunEvent } from '../events/event.ts';
import { emptyTally, exitCodeOf, reduceTally, type Tally } from '../events/reduce.ts';
import type { EventStream } from '../events/stream.ts';
import type { Plan } from '../plan/plan.ts';
import { tasksOf } from '../plan/walk.ts';
import { secondsSince } from '../timers.ts';
import { type PlayOptions, runPlay } from './play/run-play.ts';
import { loseTasks, type Underway, underwayText, watchUnderway } from './play/underway.ts';
import { inProcess } from './state/coordination.ts';
import { createFleet, type Fleet } from './state/fleet.ts';
import { pendingOf } from './state/host-state.ts';
import { createLookAhead } from './state/look-ahead.ts';
import type { RunOptions } from './state/run-options.ts';
import type { ConnectionOptions } from './state/target.ts';

/**
 * Carries a plan out: play after play, hosts in parallel. Every host ends in exactly one result,
 * whatever is thrown.
 * @returns the exit code.
 */
export async function run(plan: Plan, options: RunOptions): Promise<number> {
  const started = performance.now();
  const tallies = new Map<string, Tally>(hostsOf(plan).map(name => [name, emptyTally]));
  const underway = watchUnderway(counting(options.events, tallies));
  const { events } = underway;
  const connection = options.verbosity < tracing ? options.connection : traced(options.connection, events);
  const fleet = createFleet({ ...options, connection, plan, handshakes: createSemaphore(handshakesAtOnce) });
  const lookAhead = createLookAhead(options.lookAhead, options.check);
  const going: PlayOptions = { ...options, events, fleet, coordination: inProcess(), lookAhead };
  const plays = plan.plays.map(({ name, hosts }) => ({ name, hosts }));
  const { about, check } = options;
  events.emit({ type: 'run.started', version: 1, ...about, check, hosts: hostsOf(plan), plays });
  for (const [host, left] of options.leftOver ?? []) events.emit({ type: 'host.owes', host, ...left });
  const broken = brokenOff(options);
  let end: End = 'done';
  try {
    for (const play of plan.plays) {
      if (end === 'done' && !options.signal.aborted) end = await Promise.race([runPlay(plan, play, going), broken]);
    }
  } finally {
    fleet.close();
  }
  if (end === 'cut') loseTasks(underway, reachedIn(plan, fleet));
  else if (end !== 'done') events.emit({ type: 'message', level: 'warning', text: endText(end, underway.tasks()) });
  const exitCode = end === 'dry' ? exitCodes.defect : undefined;
  return finish(
    { plan, fleet, tallies },
    { ...options, events, started, ...(exitCode === undefined ? {} : { exitCode }) },
  );
}

/** How a run ends: after all plays, broken off, or after a play that lets no other begin. */
type End = 'done' | 'dry' | 'cut' | { readonly over: string };

function brokenOff({ dry, cut }: RunOptions): Promise<'dry' | 'cut'> {
  return Promise.race([dry.then(() => 'dry' as const), cut.then(() => 'cut' as const)]);
}

function hostsOf({ plays }: Plan): readonly string[] {
  return [...new Set(plays.flatMap(({ hosts }) => hosts))];
}

/** How many plays each host is to go through. */
function playsOf({ plays }: Plan): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of plays.flatMap(({ hosts }) => hosts)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Says whether anything may have reached a host: what is delegated is done on another one. */
function reachedIn({ plays }: Plan, fleet: Fleet): (host: string) => boolean {
  const delegates = plays.some(({ stages }) => tasksOf(stages.flat()).some(({ settings }) => settings.delegateTo));
  return host => delegates || (fleet.known(host)?.link.roundTrips() ?? 0) > 0;
}

/** `-vvv`. */
const tracing = 3;

function traced(connection: ConnectionOptions, events: EventStream): ConnectionOptions {
  const trace = (host: string, text: string) => events.emit({ type: 'message', level: 'info', host, text });
  return { ...connection, trace };
}

function endText(end: Exclude<End, 'done' | 'cut'>, tasks: ReturnType<Underway['tasks']>): string {
  if (end !== 'dry') return `The run ends here: ${end.over}.`;
  return (
    'A defect in Hostwright, please report it: the run waits for something that cannot come any more. ' +
    `It waits for: ${underwayText(tasks) || 'a host between two tasks'}. ` +
    'What had been sent to these hosts may go on there; look at them before you run again.'
  );
}

/** Handshakes are work for a core: more at once only make each of them late. */
const handshakesAtOnce = Math.max(8, availableParallelism() * 4);

/**
 * Counts what is told of each host, then tells it on. What comes after the end of a run that was
 * cut short is left out.
 */
function counting(events: EventStream, tallies: Map<string, Tally>): EventStream {
  let isOver = false;
  return {
    emit: (event: RunEvent) => {
      if (isOver) return;
      isOver = event.type === 'run.finished';
      const host = 'host' in event ? event.host : undefined;
      if (host !== undefined) tallies.set(host, reduceTally(tallies.get(host) ?? emptyTally, event));
      events.emit(event);
    },
    kept: events.kept,
  };
}

interface Finishing extends RunOptions {
  /** Milliseconds since 1970. */
  readonly started: number;
  /** Where it does not follow from the counts. */
  readonly exitCode?: number;
}

interface Finished {
  readonly plan: Plan;
  readonly fleet: Fleet;
  readonly tallies: ReadonlyMap<string, Tally>;
}

function finish(
  { plan, fleet, tallies }: Finished,
  { events, signal, detailedExitCode, leftOver, started, exitCode: given }: Finishing,
): number {
  const plays = playsOf(plan);
  const counts: Record<string, Counts> = {};
  for (const [name, tally] of tallies) {
    const host = fleet.known(name);
    const left = host ? host.leftOver : leftOver?.get(name);
    const seen = host?.link.boot() ?? host?.replay?.boot;
    // Of a host that was not reached, what was due still is.
    const pending = [...(host ? pendingOf(host) : []), ...(seen === undefined ? (left?.due ?? []) : [])];
    counts[name] = { ...tally.counts, pending: pending.length };
    const owed = [...(host?.notified.values() ?? []), ...(left?.owed ?? [])];
    const boot = seen ?? left?.boot;
    events.emit({
      type: 'host.finished',
      host: name,
      counts: counts[name],
      pending,
      owed,
      ...((host?.plays ?? 0) < (plays.get(name) ?? 0) && { unfinished: true }),
      ...(boot === undefined ? {} : { boot }),
      roundTrips: host?.link.roundTrips() ?? 0,
    });
  }
  const exitCode =
    given ?? (signal.aborted ? exitCodes.interrupted : exitCodeOf(Object.values(counts), detailedExitCode));
  events.emit({ type: 'run.finished', exitCode, seconds: secondsSince(started), hosts: counts });
  return exitCode;
}
