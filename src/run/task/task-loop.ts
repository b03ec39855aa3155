import type { TaskName, TaskResult } from '../../events/event.ts';
import { splitByLoop } from '../../plan/loop-conditions.ts';
import { itemLayer, loopItems } from '../../plan/loop-items.ts';
import type { SettledTask } from '../../plan/settle-task.ts';
import type { Scope } from '../../values/scope.ts';
import { roundSight } from '../ahead/upcoming-tasks.ts';
import { fromError, registered, result } from '../result/results.ts';
import type { HostState } from '../state/host-state.ts';
import { ownResult, unmet } from '../state/judge.ts';
import type { Attempt } from '../state/outcome.ts';
import type { PlayRun } from '../state/play-run.ts';
import { attemptTask } from './attempt.ts';
import { hide, hideLabel, withIgnored } from './hide.ts';
import { aggregate, labelOf, pauseBetween } from './loop.ts';

/** Runs a task once for each item of its loop, and tells of each. Later items run after one that failed. */
export async function runLoop(
  run: PlayRun,
  host: HostState,
  planned: SettledTask,
  scope: Scope,
  name: TaskName,
): Promise<Attempt> {
  const { control, value, part } = planned.task.loop!;
  const { outer, inner: perItem } = splitByLoop(planned.when, control, planned.layers.local);
  const condition = unmet(outer, scope);
  if (condition) return { outcome: { result: result('skipped', `not so: ${condition.text}`) } };
  const items = loopItems(scope.evaluate(value, part));
  const one = { ...planned, when: perItem };
  const after = host.sight;
  const retrying = (attempt: number, of: number) =>
    run.events.emit({ type: 'task.retrying', host: host.name, task: name, attempt, of });
  const results: TaskResult[] = [];
  const registers: Readonly<Record<string, unknown>>[] = [];
  let set: Pick<Attempt, 'variables' | 'included'> = {};
  for (const [at, item] of items.entries()) {
    await pauseBetween(run, host, control, at);
    if (at > 0 && run.signal.aborted) break;
    host.sight = () => roundSight(one, scope, items, at + 1, after);
    const inner = scope.with(itemLayer(control, items, at));
    const attempt = await attemptTask(run, host, one, inner, retrying).catch(
      (error): Attempt => ({ outcome: { result: fromError(error) } }),
    );
    const { result: came } = attempt.outcome;
    const label = hideLabel(planned, at, () =>
      control.label === undefined ? labelOf(item) : String(inner.evaluate(control.label)),
    );
    run.events.emit({
      type: 'item.finished',
      host: host.name,
      task: name,
      item: label,
      result: hide(planned, withIgnored(planned, came)),
    });
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
  return { outcome: { result: all }, register: { ...registered(all), results: registers }, ...set };
}
