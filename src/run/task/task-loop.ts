import type { TaskResult } from '../../events/event.ts';
import type { Loop } from '../../language/model.ts';
import { itemLayer, ownResult } from '../../plan/layers.ts';
import { splitByLoop } from '../../plan/loop-conditions.ts';
import { loopItems } from '../../plan/loop-items.ts';
import { roundsAhead } from '../ahead/upcoming-tasks.ts';
import { registered, result } from '../result/results.ts';
import { unmet } from '../state/judge.ts';
import type { Attempt } from '../state/outcome.ts';
import type { TaskRun } from '../state/task-run.ts';
import { attemptOf, attemptTask, retryTask } from './attempt.ts';
import { hide, hideLabel, withIgnored } from './hide.ts';
import { aggregate, labelOf, pauseBetween } from './loop.ts';

/**
 * Runs a task once for each item of its loop, and tells of each. Later items run after one that
 * failed.
 */
export async function runLoop(task: TaskRun, { control, value, part }: Loop): Promise<Attempt> {
  const { run, host, planned, scope } = task;
  const { outer, inner: perItem } = splitByLoop(planned.when, control, planned.layers.local);
  const condition = unmet(outer, scope);
  if (condition) return { outcome: { result: result('skipped', `condition not met: ${condition.text}`) } };
  const items = loopItems(scope.evaluate(value, part));
  const one = { ...planned, when: perItem };
  const after = host.ahead;
  const results: TaskResult[] = [];
  const registers: Readonly<Record<string, unknown>>[] = [];
  let set: Pick<Attempt, 'variables' | 'included'> = {};
  for (const [at, item] of items.entries()) {
    await pauseBetween(task, control, at);
    if (at > 0 && run.signal.aborted) break;
    host.ahead = () => roundsAhead(one, scope, { items, from: at + 1, after });
    const inner = scope.with(itemLayer(control, items, at));
    const attempt = await attemptItem({ ...task, planned: one, scope: inner, item: at }, { at, item });
    const { result: came } = attempt.outcome;
    results.push(came);
    set = {
      variables: { ...set.variables, ...attempt.variables },
      included: [...(set.included ?? []), ...(attempt.included ?? [])],
    };
    const register = attempt.register ?? { ...registered(came), [control.loopVar]: item };
    registers.push(register as Readonly<Record<string, unknown>>);
    if (came.status === 'unreachable' || run.signal.aborted) break;
    if (control.breakWhen.length > 0 && !unmet(control.breakWhen, inner.with(ownResult(planned, register)))) break;
  }
  const all = aggregate(results);
  const isPartial = run.signal.aborted && results.length < items.length;
  const register = { ...registered(all), results: registers };
  return { outcome: { result: all }, register, ...set, ...(isPartial && { partial: true }) };
}

/** One round of a loop, and what is told of it. */
async function attemptItem(task: TaskRun, { at, item }: { at: number; item: unknown }): Promise<Attempt> {
  const { run, host, name, place, planned, scope } = task;
  const { loop, retry } = planned.task;
  const known = run.modules.has(planned.task.module) ? host.replay?.item(place, at) : undefined;
  const again = () => (retry ? retryTask(task, retry) : attemptTask(task)).catch(attemptOf);
  const attempt = known ? { outcome: { result: known } } : await again();
  const label = loop?.control.label;
  run.events.emit({
    type: 'item.finished',
    host: host.name,
    task: name,
    place,
    index: at,
    item: hideLabel(planned, at, () => (label === undefined ? labelOf(item) : String(scope.evaluate(label)))),
    result: hide(planned, withIgnored(planned, attempt.outcome.result)),
    ...(planned.settings.noLog && { masked: true }),
  });
  return attempt;
}
