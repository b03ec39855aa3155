import type { TaskName, TaskResult } from '../events/event.ts';
import { positionOf } from '../language/source.ts';
import type { AnyModule } from '../modules/module.ts';
import { argumentMap, evaluateArguments } from '../plan/evaluate-arguments.ts';
import { hostScope } from '../plan/host-scope.ts';
import { splitByLoop } from '../plan/loop-conditions.ts';
import type { PlannedTask } from '../plan/plan.ts';
import { ValueError } from '../values/errors.ts';
import { type Layer, type Scope, unknown } from '../values/scope.ts';
import { type HostState, takePending } from './host-state.ts';
import { judge, unmet } from './judge.ts';
import { aggregate, labelOf, loopItems } from './loop.ts';
import { runOnHost } from './module-task.ts';
import type { Attempt, PlayRun, TaskOutcome } from './play-run.ts';
import { fromError, registered, result } from './results.ts';

/** Runs one task on one host, with its loop, and tells of it. Whatever is thrown becomes a result. */
export async function runTask(
  run: PlayRun,
  host: HostState,
  planned: PlannedTask,
  loops: readonly Layer[],
): Promise<TaskOutcome> {
  const name = taskName(planned);
  const started = Date.now();
  run.events.emit({ type: 'task.started', host: host.name, task: name });
  const { outcome, register } = await attempt(run, host, planned, loops, name);
  const settled = settle(host, planned, outcome.result, register, run);
  run.events.emit({
    type: 'task.finished',
    host: host.name,
    task: name,
    result: settled,
    seconds: (Date.now() - started) / 1000,
  });
  return { ...outcome, result: settled };
}

/** How events name a task. */
export function taskName({ id, name, task, role, handler }: PlannedTask): TaskName {
  const { file, line } = positionOf(task.part);
  return { id, name, module: task.module, ...(role === undefined ? {} : { role }), handler, at: `${file}:${line}` };
}

async function attempt(
  run: PlayRun,
  host: HostState,
  planned: PlannedTask,
  loops: readonly Layer[],
  name: TaskName,
): Promise<Attempt> {
  try {
    const scope = scopeOf(run, host, planned, loops);
    return planned.task.loop ? await runLoop(run, host, planned, scope, name) : await runOne(run, host, planned, scope);
  } catch (error) {
    return { outcome: { result: fromError(error), flushHandlers: false } };
  }
}

function scopeOf(run: PlayRun, host: HostState, planned: PlannedTask, loops: readonly Layer[]): Scope {
  const { plan, play, inventory, check } = run;
  const dynamic: Layer[] = [{ origin: 'the run', values: host.variables, literal: true }, ...loops];
  const { layers, role } = planned;
  return hostScope({ plan, play, inventory, host: host.name, layers, role, check, dynamic, facts: host.facts });
}

async function runLoop(
  run: PlayRun,
  host: HostState,
  planned: PlannedTask,
  scope: Scope,
  name: TaskName,
): Promise<Attempt> {
  const { control, value } = planned.task.loop!;
  const { outer, inner: perItem } = splitByLoop(planned.when, control);
  const condition = unmet(outer, scope);
  if (condition) return { outcome: { result: result('skipped', `not so: ${condition.text}`), flushHandlers: false } };
  const items = loopItems(scope.evaluate(value));
  const results: TaskResult[] = [];
  const registers: unknown[] = [];
  for (const [at, item] of items.entries()) {
    const own: Layer = {
      origin: 'loop',
      literal: true,
      values: { [control.loopVar]: item, ...(control.indexVar ? { [control.indexVar]: at } : {}) },
    };
    const inner = scope.with(own);
    const one = await runOne(run, host, { ...planned, when: perItem }, inner).catch(
      (error): Attempt => ({ outcome: { result: fromError(error), flushHandlers: false } }),
    );
    const label = control.label === undefined ? labelOf(item) : String(inner.evaluate(control.label));
    run.events.emit({
      type: 'item.finished',
      host: host.name,
      task: name,
      item: label,
      result: hide(planned, one.outcome.result),
    });
    results.push(one.outcome.result);
    registers.push(one.register ?? { ...registered(one.outcome.result), [control.loopVar]: item });
    if (one.outcome.result.status === 'unreachable' || run.signal.aborted) break;
  }
  return {
    outcome: { result: aggregate(results), flushHandlers: false },
    register: { ...registered(aggregate(results)), results: registers },
  };
}

async function runOne(run: PlayRun, host: HostState, planned: PlannedTask, scope: Scope): Promise<Attempt> {
  const condition = unmet(planned.when, scope);
  if (condition) return { outcome: { result: result('skipped', `not so: ${condition.text}`), flushHandlers: false } };
  const { task } = planned;
  const action = run.actions.get(task.module);
  const callable = action ?? run.modules.get(task.module)!;
  const raw = argumentMap(task.args, callable)!;
  const evaluated = evaluateArguments(raw, callable, scope, error => {
    throw error;
  });
  if (evaluated.unknown[0]) throw evaluated.unknown[0].error;
  const wrong = evaluated.problems[0];
  if (wrong) throw new ValueError(`argument ${wrong.path.join('.') || 'list'}: ${wrong.message}`, { hint: wrong.hint });
  const misfit = run.modules.get(task.module)?.check?.(evaluated.args as never)[0];
  if (misfit) throw new ValueError(`argument ${misfit.argument}: ${misfit.message}`);

  if (action) {
    const {
      result: acted,
      variables,
      flushHandlers,
    } = action.run(evaluated.args as never, { scope, verbosity: run.verbosity });
    if (variables) host.variables = { ...host.variables, ...variables };
    return { outcome: { result: judge(planned, scope, acted, false), flushHandlers: flushHandlers ?? false } };
  }
  return runOnHost(run, host, planned, scope, callable as AnyModule, evaluated.args);
}

/** What a result does to the host's state: register, notifications, conditions that stand. */
function settle(host: HostState, planned: PlannedTask, plain: TaskResult, register: unknown, run: PlayRun): TaskResult {
  const { task } = planned;
  const ignored = plain.status === 'failed' && planned.ignoreErrors;
  const judged = hide(planned, ignored ? { ...plain, ignored } : plain);
  if (task.register !== undefined)
    host.variables = { ...host.variables, [task.register]: register ?? registerOf(plain) };
  if (plain.changed) notify(host, planned.notify, run.play.handlers);
  const settles = run.modules.get(task.module)?.settles;
  const looked = plain.status === 'ok' || plain.status === 'changed';
  if (looked || plain.pending.length > 0) takePending(host, planned.id, plain.pending, looked ? settles : undefined);
  return judged;
}

function registerOf(plain: TaskResult): unknown {
  return plain.status === 'unknown' ? unknown(plain.message) : registered(plain);
}

function notify(host: HostState, names: readonly string[], handlers: readonly PlannedTask[]): void {
  for (const { id, name, task } of handlers) {
    if ([name, ...task.listen].some(word => names.includes(word))) host.notified.set(id, name);
  }
}

/** `no_log`: the result keeps its status and says nothing of what it was about. */
function hide({ task }: PlannedTask, plain: TaskResult): TaskResult {
  if (!task.noLog) return plain;
  const { hint: _, ...rest } = plain;
  return { ...rest, message: 'hidden by no_log', diff: [], fields: {} };
}
