import { cutIntoBatches } from '../../plan/batches.ts';
import type { Plan, PlannedPlay } from '../../plan/plan.ts';
import { hostsOfPlay } from '../../plan/play-hosts.ts';
import { tasksOf } from '../../plan/walk.ts';
import { createBatch } from '../state/batch.ts';
import type { Coordination } from '../state/coordination.ts';
import type { Fleet } from '../state/fleet.ts';
import type { HostState } from '../state/host-state.ts';
import type { LookAhead } from '../state/look-ahead.ts';
import { createPlaces } from '../state/places.ts';
import type { PlayRun } from '../state/play-run.ts';
import type { RunOptions } from '../state/run-options.ts';
import { type Course, runHost } from './run-host.ts';

export interface PlayOptions extends Omit<RunOptions, 'lookAhead'> {
  readonly fleet: Fleet;
  readonly lookAhead: LookAhead;
  readonly coordination: Coordination;
}

/**
 * Takes the hosts of a play through it, batch after batch.
 * @returns why no other play may begin, if that is so.
 */
export async function runPlay(plan: Plan, play: PlannedPlay, options: PlayOptions): Promise<'done' | { over: string }> {
  const { coordination, events, fleet, lookAhead } = options;
  const hosts = hostsOfPlay(plan, play, fleet.inventory())
    .map(name => fleet.host(name, play))
    .filter(({ status }) => status === 'going');
  const names = hosts.map(({ name }) => name);
  events.emit({ type: 'play.started', play: play.name, hosts: names, tasks: tasksOf(play.stages.flat()).length });
  const batches = cutIntoBatches(names, play.play.serial);
  const budget = coordination.budget(play.play.maxFailPercentage, names.length);
  const common = commonOf(plan, play, options);
  fleet.remember();
  const whole: Course = { stages: play.stages, isLast: lastPlayOf(plan, play) };
  const shared = { linear: play.linear, places: createPlaces(options.forks), once: coordination.once(), budget };
  for (const [index, batch] of batches.entries()) {
    const last = index === batches.length - 1;
    if (batches.length > 1) {
      const count = { batch: index + 1, of: batches.length };
      events.emit({ type: 'batch.started', play: play.name, hosts: batch, ...count });
    }
    budget.begin(batch.length);
    const members = hosts.filter(({ name }) => batch.includes(name));
    const run: PlayRun = {
      ...common,
      batch: createBatch({ ...shared, hosts: batch, lockstep: coordination.lockstep(batch) }),
    };
    lookAhead.forgetAll();
    await Promise.all(members.map(host => runHost({ run, host }, whole)));
    const shut = last || run.batch.over ? undefined : await passGate(run, members, coordination);
    const over = shut ?? whyOver(run, members, last);
    if (over !== undefined) return { over };
    if (options.signal.aborted) break;
    if (run.batch.over === 'end_play') {
      const spared = new Set(batches.slice(index + 1).flat());
      for (const host of hosts) if (spared.has(host.name)) host.plays += 1;
      break;
    }
  }
  return 'done';
}

/** What is the same for all batches of a play. */
function commonOf(plan: Plan, play: PlannedPlay, options: PlayOptions): Omit<PlayRun, 'batch'> {
  return {
    ...options,
    plan,
    play,
    place: { play: plan.plays.indexOf(play), gate: false },
    down: options.coordination.down(play.play.maxDown),
    modules: new Map(options.modules.map(module => [module.name, module])),
    actions: new Map(options.actions.map(action => [action.name, action])),
    facts: options.facts.filter(({ name }) => play.facts.includes(name)),
  };
}

/** Why nothing more may begin after a batch. */
function whyOver({ batch, play }: PlayRun, members: readonly HostState[], last: boolean): string | undefined {
  const spent = batch.budget.spent();
  // A play of one batch in which every host failed says nothing of the hosts of other plays.
  if (spent !== undefined && (play.play.maxFailPercentage !== undefined || !last)) return spent;
  const [failure] = batch.shared;
  return failure && members.some(({ status }) => status === 'stopped' || status === 'failed')
    ? `${failure.host} has failed: ${failure.result.message}`
    : undefined;
}

/** A gate that does not hold on one host holds for none: the batches to come are not begun. */
async function passGate(
  passed: PlayRun,
  members: readonly HostState[],
  coordination: Coordination,
): Promise<string | undefined> {
  const { play, batch, lookAhead } = passed;
  if (play.gate.length === 0) return undefined;
  const gate = coordination.gate();
  const going = members.filter(({ status }) => status === 'going');
  const hosts = going.map(({ name }) => name);
  const own = { hosts, lockstep: coordination.lockstep(hosts), once: coordination.once() };
  const place = { ...passed.place, gate: true };
  const run: PlayRun = { ...passed, place, batch: createBatch({ ...batch, ...own }) };
  lookAhead.forgetAll();
  await Promise.all(going.map(host => runHost({ run, host }, { stages: [play.gate], isLast: () => false })));
  for (const { name, status } of going) if (status !== 'going') gate.shut(name);
  const by = gate.shutBy();
  return by === undefined ? undefined : `the gate of the play "${play.name}" does not hold on ${by}`;
}

/**
 * Tells the hosts for which nothing comes after a play: their connections can be given up as soon
 * as they are through it, for a fleet has many. Where tasks are delegated, that is not known of a
 * host.
 */
function lastPlayOf({ plays }: Plan, play: PlannedPlay): (host: string) => boolean {
  const [, ...later] = plays.slice(plays.indexOf(play));
  const tasks = [play, ...later].flatMap(({ stages, gate, handlers }) => [
    ...tasksOf([...stages.flat(), ...gate]),
    ...handlers,
  ]);
  if (play.gate.length > 0 || tasks.some(({ settings }) => settings.delegateTo)) return () => false;
  const comeBack = new Set(later.flatMap(({ hosts }) => hosts));
  return host => !comeBack.has(host);
}
