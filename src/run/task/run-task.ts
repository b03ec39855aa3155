import type { TaskName, TaskResult } from '../../events/event.ts';
import { comingFrom } from '../../plan/coming.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import { type SettledTask, settleTask, withoutLater } from '../../plan/settle-task.ts';
import { secondsSince } from '../../timers.ts';
import { type Layer, type Scope, unknown } from '../../values/scope.ts';
import { letsTimePass, timePassed } from '../ahead/upcoming-probes.ts';
import { registered, result } from '../result/results.ts';
import { type HostState, setVariables, takePending } from '../state/host-state.ts';
import { unmet } from '../state/judge.ts';
import type { Attempt, TaskOutcome } from '../state/outcome.ts';
import { type Placed, placeText } from '../state/position.ts';
import { scopeOf } from '../state/scope.ts';
import type { HostRun, TaskRun } from '../state/task-run.ts';
import { attemptOf, attemptTask, retryTask } from './attempt.ts';
import { hide, withIgnored } from './hide.ts';
import { leavesOf } from './leaves.ts';
import { wrongParameters } from './role-parameters.ts';
import { attemptOfRecord, mayHaveRun } from './take-over.ts';
import { runLoop } from './task-loop.ts';
import { namedFor, taskName } from './task-name.ts';

/**
 * Runs one task on one host, with its loop, and tells of it. Whatever is thrown becomes a result.
 * What a recorded run has done, which this one continues, is taken over.
 */
export async function runTask(here: HostRun, given: PlannedTask, { at, layers }: Placed): Promise<TaskOutcome> {
  const { run, host } = here;
  const named = namedFor(given, () => scopeOf(here, given, layers));
  const told = { host: host.name, task: taskName(named), place: placeText(run.place, at) };
  const record = host.replay?.task(told.place, told.task);
  const started = performance.now();
  if (!record) run.events.emit({ type: 'task.started', ...told });
  const prepared = prepare({ ...here, name: told.task, place: told.place }, named, layers);
  const { planned } = prepared;
  const isAgain = !record || run.actions.get(planned.task.module)?.again;
  const attempt = isAgain ? await carryOut(prepared).catch(attemptOf) : attemptOfRecord(here, record);
  if (record) host.replay?.taken(record, at);
  const { notified, ...settled } = settle(here, planned, attempt);
  if (letsTimePass(run, named)) timePassed(here, attempt.on);
  const leaves = leavesOf(here, planned, attempt);
  run.events.emit({
    type: 'task.finished',
    ...told,
    result: settled.result,
    seconds: record?.seconds ?? secondsSince(started),
    ...(leaves && { leaves }),
    ...(notified.length > 0 && { notified }),
    ...(planned.settings.noLog && { masked: true }),
    ...(record && host.replay && { from: host.replay.run }),
  });
  return { ...attempt.outcome, ...settled };
}

/** A task that can begin on a host; or what it came to before it began. */
type Prepared = { readonly planned: SettledTask } & (
  | { readonly task: TaskRun; readonly ended?: never }
  | { readonly ended: Attempt; readonly task?: never }
);

/** Finds the values of a task's keywords for the host, and the variables that it sees. */
function prepare(here: Omit<TaskRun, 'planned' | 'scope'>, given: PlannedTask, layers: readonly Layer[]): Prepared {
  const scope = () => scopeOf(here, given, layers);
  let planned: SettledTask;
  try {
    planned = settleTask(given, here.run.play.handlers, scope);
  } catch (error) {
    const skipped = skippedBy(given, scope);
    return { planned: withoutLater(given), ended: skipped ? { outcome: { result: skipped } } : attemptOf(error) };
  }
  try {
    const task = { ...here, planned, scope: scope() };
    const ended = wrongParameters(task, layers);
    return ended ? { planned, ended } : { planned, task };
  } catch (error) {
    return { planned, ended: attemptOf(error) };
  }
}

function carryOut({ planned, ended, task }: Prepared): Promise<Attempt> {
  if (!task) return Promise.resolve(ended);
  const { run, host, place } = task;
  const { loop, retry } = planned.task;
  if (host.replay?.mayHaveRun(place)) return Promise.resolve({ outcome: { result: mayHaveRun(host.replay.run) } });
  const begin = () => {
    if (loop) return runLoop(task, loop);
    return retry ? retryTask(task, retry) : attemptTask(task);
  };
  if (!run.approve) return begin();
  return run
    .approve(planned)
    .then(isWanted => (isWanted ? begin() : { outcome: { result: result('skipped', 'not wanted') } }));
}

/** What a task comes to whose conditions do not hold, as far as they need no item of its loop. */
function skippedBy({ when, task }: PlannedTask, scope: () => Scope): TaskResult | undefined {
  if (task.loop) return undefined;
  try {
    const condition = unmet(when, scope());
    return condition && result('skipped', `condition not met: ${condition.text}`);
  } catch {
    return undefined;
  }
}

/** What a result does to the state of hosts: variables, notifications, conditions that stand. */
function settle(
  { run, host }: HostRun,
  planned: SettledTask,
  { outcome, register, variables: set = {}, included: read = [], on = host }: Attempt,
): Omit<TaskOutcome, 'next'> & { readonly notified: readonly TaskName[] } {
  const { task, settings } = planned;
  const { result: plain } = outcome;
  const counted = withIgnored(planned, plain);
  if (plain.status === 'failed' && !counted.ignored) host.failures += 1;
  const own = settings.delegateFacts ? on : host;
  setVariables(own, plain.status === 'unknown' ? unknownOnes(planned, plain.message) : set, read);
  const registers = task.register === undefined ? {} : { [task.register]: register ?? registerOf(plain) };
  setVariables(host, registers, []);
  const notified = plain.changed ? notify(host, planned.notify, run.play.handlers) : [];
  const settles = run.modules.get(task.module)?.settles;
  const looked = plain.status === 'ok' || plain.status === 'changed' || plain.settled === true;
  if (looked || plain.pending.length > 0) takePending(on, planned.id, plain.pending, looked ? settles : undefined);
  const result = hide(planned, counted);
  const left = own === host ? { variables: { ...set, ...registers }, included: read } : { variables: registers };
  return { result, ...left, notified };
}

/** What a task of which check mode cannot tell would have set. */
function unknownOnes(planned: PlannedTask, why: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.keys(comingFrom([planned])).map(name => [name, unknown(why)]));
}

function registerOf(plain: TaskResult): unknown {
  return plain.status === 'unknown' ? unknown(plain.message) : registered(plain);
}

/** The handlers that listen to these names, which the host has to run from here on. */
function notify(host: HostState, names: readonly string[], handlers: readonly PlannedTask[]): readonly TaskName[] {
  const called = handlers.filter(({ name, task }) => [name, ...task.listen].some(word => names.includes(word)));
  const told = called.map(taskName);
  for (const name of told) host.notified.set(name.id, name);
  return told;
}
