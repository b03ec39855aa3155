import { availableParallelism } from 'node:os';
import { createLink } from '../connections/link.ts';
import type { Passwords } from '../connections/passwords.ts';
import { closeJumpHosts } from '../connections/proxy.ts';
import { createSemaphore, type Semaphore } from '../connections/semaphore.ts';
import { exitCodes, HostwrightError, messageOf } from '../errors.ts';
import type { Counts, RunEvent } from '../events/event.ts';
import { emptyTally, exitCodeOf, reduceTally, type Tally } from '../events/reduce.ts';
import type { EventStream } from '../events/stream.ts';
import type { FactGroup } from '../facts/fact.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { AnyModule, Hazard } from '../modules/module.ts';
import { hostScope } from '../plan/host-scope.ts';
import { type Plan, type PlannedPlay, tasksOf } from '../plan/plan.ts';
import { unknown } from '../values/scope.ts';
import type { AnyAction } from './actions/action.ts';
import { createDownLock, type DownMemory } from './down-lock.ts';
import { runHost } from './host-runner.ts';
import { createHostState, type HostState, pendingOf, type RunIdentity } from './host-state.ts';
import type { PlayRun } from './play-run.ts';
import { type ConnectionOptions, targetOf } from './target.ts';

export interface RunOptions {
  /** For people: the playbooks, or the ad hoc task. */
  readonly title: string;
  readonly identity: RunIdentity;
  readonly inventory: Inventory;
  readonly modules: readonly AnyModule[];
  readonly actions: readonly AnyAction[];
  readonly facts: readonly FactGroup[];
  readonly check: boolean;
  /** Hosts at once. */
  readonly forks: number;
  /** `--allow`. */
  readonly allowed: readonly Hazard[];
  readonly verbosity: number;
  readonly detailedExitCode: boolean;
  readonly connection: ConnectionOptions;
  readonly passwords: Passwords;
  readonly events: EventStream;
  /** Texts that no event may show; the run adds those of secret arguments. */
  readonly secrets: Set<string>;
  /** Aborted by Ctrl-C: no host starts another task. */
  readonly signal: AbortSignal;
}

/**
 * Carries a plan out: play after play, hosts in parallel, each at its own speed. Every host ends in exactly one result, whatever is thrown.
 * @returns the exit code.
 */
export async function run(plan: Plan, options: RunOptions): Promise<number> {
  const started = Date.now();
  const names = [...new Set(plan.plays.flatMap(({ hosts }) => hosts))];
  const tallies = new Map<string, Tally>(names.map(name => [name, emptyTally]));
  const counted = { ...options, events: counting(options.events, tallies) };
  const { events } = counted;
  const hosts = new Map<string, HostState>();
  const memory: DownMemory = {};
  events.emit({ type: 'run.started', version: 1, title: options.title, check: options.check, hosts: names });
  try {
    for (const play of plan.plays) {
      if (options.signal.aborted) break;
      await runPlay(plan, play, counted, hosts, memory);
    }
  } finally {
    for (const host of hosts.values()) host.link.reset();
    closeJumpHosts(hosts);
  }
  return finish(names, hosts, tallies, counted, started);
}

/** Handshakes are work for a core: more at once only make each of them late. */
const handshakesAtOnce = Math.max(8, availableParallelism() * 4);

async function runPlay(
  plan: Plan,
  play: PlannedPlay,
  options: RunOptions,
  hosts: Map<string, HostState>,
  memory: DownMemory,
): Promise<void> {
  const { inventory, check, events, signal, verbosity } = options;
  const playRun: PlayRun = {
    plan,
    play,
    inventory,
    check,
    events,
    signal,
    verbosity,
    secrets: options.secrets,
    allowed: options.allowed,
    modules: new Map(options.modules.map(module => [module.name, module])),
    actions: new Map(options.actions.map(action => [action.name, action])),
    facts: options.facts.filter(({ name }) => play.facts.includes(name)),
    down: createDownLock(play.play.maxDown, memory),
  };
  const handshakes = createSemaphore(handshakesAtOnce);
  const going = play.hosts
    .map(name => enter(name, playRun, options, handshakes, hosts))
    .filter(host => host.status === 'going');
  const tasks = tasksOf(play.stages.flat()).length;
  events.emit({ type: 'play.started', play: play.name, hosts: going.map(({ name }) => name), tasks });
  const places = createSemaphore(options.forks);
  await Promise.all(going.map(host => places.run(() => safely(playRun, host))));
}

async function safely(run: PlayRun, host: HostState): Promise<void> {
  if (run.signal.aborted) return;
  try {
    await runHost(run, host);
  } catch (error) {
    host.status = 'failed';
    const text = error instanceof HostwrightError ? error.message : `a defect in Hostwright: ${stackOf(error)}`;
    run.events.emit({ type: 'host.failed', host: host.name, message: text });
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
}

/** A host comes to a play: known from the play before, or new. */
function enter(
  name: string,
  { plan, play, inventory, check }: PlayRun,
  options: RunOptions,
  handshakes: Semaphore,
  hosts: Map<string, HostState>,
): HostState {
  const layers = { roleDefaults: [], play: play.layers, roleVars: [], params: [], local: [] };
  const scope = hostScope({
    plan,
    play,
    inventory,
    host: name,
    layers,
    check,
    dynamic: [],
    facts: unknown('it is not connected'),
  });
  const target = targetOf(name, scope, play.play, options.connection, hosts);
  const known = hosts.get(name);
  if (known && JSON.stringify(known.target) === JSON.stringify(target)) return known;
  known?.link.reset();
  const state =
    known ?? createHostState(name, options.identity, target, createLink(target, options.passwords, handshakes));
  if (known) Object.assign(known, { target, link: createLink(target, options.passwords, handshakes) });
  hosts.set(name, state);
  return state;
}

/** Counts what is told of each host, then tells it on. */
function counting(events: EventStream, tallies: Map<string, Tally>): EventStream {
  return {
    emit: (event: RunEvent) => {
      const host = 'host' in event ? event.host : undefined;
      const tally = host === undefined ? undefined : tallies.get(host);
      if (host !== undefined && tally) tallies.set(host, reduceTally(tally, event));
      events.emit(event);
    },
  };
}

function finish(
  names: readonly string[],
  hosts: ReadonlyMap<string, HostState>,
  tallies: ReadonlyMap<string, Tally>,
  { events, signal, detailedExitCode }: RunOptions,
  started: number,
): number {
  const counts: Record<string, Counts> = {};
  for (const name of names) {
    const host = hosts.get(name);
    const pending = host ? pendingOf(host) : [];
    counts[name] = { ...(tallies.get(name) ?? emptyTally).counts, pending: pending.length };
    const owed = host ? [...host.notified.values()] : [];
    events.emit({
      type: 'host.finished',
      host: name,
      counts: counts[name],
      pending,
      owed,
      turns: host?.link.turns() ?? 0,
    });
  }
  const exitCode = signal.aborted ? exitCodes.interrupted : exitCodeOf(Object.values(counts), detailedExitCode);
  events.emit({ type: 'run.finished', exitCode, seconds: (Date.now() - started) / 1000, hosts: counts });
  return exitCode;
}
