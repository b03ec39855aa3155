import { availableParallelism } from 'node:os';
import { createSemaphore } from '../connections/semaphore.ts';
import { exitCodes } from '../errors.ts';
import type { Counts, RunEvent } from '../events/event.ts';
import { emptyTally, exitCodeOf, reduceTally, type Tally } from '../events/reduce.ts';
import type { EventStream } from '../events/stream.ts';
import type { Plan } from '../plan/plan.ts';
import { tasksOf } from '../plan/walk.ts';
import { type PlayOptions, runPlay } from './play/run-play.ts';
import { loseTasks, underwayText, watchUnderway } from './play/underway.ts';
import type { DownMemory } from './state/down-lock.ts';
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
  const started = Date.now();
  const names = [...new Set(plan.plays.flatMap(({ hosts }) => hosts))];
  const tallies = new Map<string, Tally>(names.map(name => [name, emptyTally]));
  const underway = watchUnderway(counting(options.events, tallies));
  const { events } = underway;
  const connection = options.verbosity < tracing ? options.connection : traced(options.connection, events);
  const fleet = createFleet({ ...options, connection, plan, handshakes: createSemaphore(handshakesAtOnce) });
  const memory: DownMemory = {};
  const lookAhead = createLookAhead(options.lookAhead, options.check);
  events.emit({ type: 'run.started', version: 1, title: options.title, check: options.check, hosts: names });
  const going = { ...options, events, fleet, memory, lookAhead };
  // What is delegated is done on another host, which may have been reached.
  const delegates = plan.plays.some(({ stages }) => tasksOf(stages.flat()).some(({ settings }) => settings.delegateTo));
  const isReached = (host: string) => delegates || (fleet.known(host)?.link.roundTrips() ?? 0) > 0;
  const isStuck = await Promise.race([
    playAll(plan, going).then(() => false),
    options.dry.then(() => true),
    options.cut.then(() => loseTasks(underway, isReached)).then(() => false),
  ]).finally(fleet.close);
  if (isStuck) events.emit({ type: 'message', level: 'warning', text: stuckText(underwayText(underway.tasks())) });
  const exitCode = isStuck ? exitCodes.defect : undefined;
  return finish(fleet, tallies, { ...options, events, started, ...(exitCode === undefined ? {} : { exitCode }) });
}

/** `-vvv`. */
const tracing = 3;

function traced(connection: ConnectionOptions, events: EventStream): ConnectionOptions {
  const trace = (host: string, text: string) => events.emit({ type: 'message', level: 'info', host, text });
  return { ...connection, trace };
}

async function playAll(plan: Plan, options: PlayOptions): Promise<void> {
  for (const play of plan.plays) {
    if (options.signal.aborted) return;
    const over = await runPlay(plan, play, options);
    if (over === undefined) continue;
    options.events.emit({ type: 'message', level: 'warning', text: `The run ends here: ${over}.` });
    return;
  }
}

function stuckText(waits: string): string {
  const what = waits === '' ? 'a host between two tasks' : waits;
  return (
    'A defect in Hostwright, please report it: the run waits for something that cannot come any more. ' +
    `It waits for: ${what}. ` +
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
  };
}

interface Finishing extends RunOptions {
  /** Milliseconds since 1970. */
  readonly started: number;
  /** Where it does not follow from the counts. */
  readonly exitCode?: number;
}

function finish(
  fleet: Fleet,
  tallies: ReadonlyMap<string, Tally>,
  { events, signal, detailedExitCode, started, exitCode: given }: Finishing,
): number {
  const counts: Record<string, Counts> = {};
  for (const [name, tally] of tallies) {
    const host = fleet.known(name);
    const pending = host ? pendingOf(host) : [];
    counts[name] = { ...tally.counts, pending: pending.length };
    const owed = host ? [...host.notified.values()] : [];
    events.emit({
      type: 'host.finished',
      host: name,
      counts: counts[name],
      pending,
      owed,
      roundTrips: host?.link.roundTrips() ?? 0,
    });
  }
  const exitCode =
    given ?? (signal.aborted ? exitCodes.interrupted : exitCodeOf(Object.values(counts), detailedExitCode));
  events.emit({ type: 'run.finished', exitCode, seconds: (Date.now() - started) / 1000, hosts: counts });
  return exitCode;
}
