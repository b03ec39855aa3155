import { splitByLoop } from '../../plan/loop-conditions.ts';
import { itemLayer, loopItems } from '../../plan/loop-items.ts';
import type { PlannedLoop, PlannedStep, PlannedTask } from '../../plan/plan.ts';
import type { Layer, Scope } from '../../values/scope.ts';
import { unmet } from '../state/judge.ts';
import { scopeOf } from '../state/scope.ts';
import type { HostRun } from '../state/task-run.ts';
import type { Ahead, UpcomingTask } from '../state/upcoming.ts';

/** What is around steps: the variables of loops and rescues, and what comes after. */
interface Around {
  readonly layers: readonly Layer[];
  readonly after?: Ahead;
}

/** What lies ahead in these steps, and after them. */
export function* tasksAhead(
  here: HostRun,
  steps: readonly PlannedStep[],
  { layers, after }: Around,
): Generator<UpcomingTask | undefined> {
  for (const step of steps) {
    if (step.kind === 'task') yield* taskAhead(here, step, layers);
    else if (step.kind === 'block') yield* tasksAhead(here, [...step.block, ...step.always], { layers });
    else yield* stepsLoopAhead(here, step, layers);
  }
  if (after) yield* after();
}

function* stepsLoopAhead(
  here: HostRun,
  loop: PlannedLoop,
  layers: readonly Layer[],
): Generator<UpcomingTask | undefined> {
  const { value, control, when, body } = loop;
  const items = attempted(() => {
    const scope = scopeOf(here, loop, layers);
    return unmet(when, scope) ? [] : loopItems(scope.evaluate(value));
  });
  if (items) yield* loopAhead(here, { body, control, layers, items, from: 0 });
}

export interface Rounds extends Pick<PlannedLoop, 'body' | 'control'> {
  readonly layers: readonly Layer[];
  readonly items: readonly unknown[];
  readonly from: number;
  readonly after?: Ahead;
}

/** The rounds of a loop over steps from one on, and what comes after them. */
export function* loopAhead(
  here: HostRun,
  { body, control, layers, items, from, after }: Rounds,
): Generator<UpcomingTask | undefined> {
  for (let at = from; at < items.length; at += 1) {
    if (control.pause !== undefined && at > 0) yield undefined;
    yield* tasksAhead(here, body, { layers: [...layers, itemLayer(control, items, at)] });
  }
  if (after) yield* after();
}

function* taskAhead(
  here: HostRun,
  planned: PlannedTask,
  layers: readonly Layer[],
): Generator<UpcomingTask | undefined> {
  const { loop } = planned.task;
  const scope = () => scopeOf(here, planned, layers);
  if (!loop) {
    yield { planned, scope };
    return;
  }
  const rounds = attempted(() => {
    const around = scope();
    const { outer, inner } = splitByLoop(planned.when, loop.control, planned.layers.local);
    const items = unmet(outer, around) ? [] : loopItems(around.evaluate(loop.value, loop.part));
    return roundsAhead({ ...planned, when: inner }, around, { items, from: 0 });
  });
  if (rounds) yield* rounds;
}

/** The rounds of a task's loop from one on, and what comes after them. */
export function* roundsAhead(
  planned: PlannedTask,
  around: Scope,
  { items, from, after }: Pick<Rounds, 'items' | 'from' | 'after'>,
): Generator<UpcomingTask | undefined> {
  const { control } = planned.task.loop!;
  for (let at = from; at < items.length; at += 1) {
    if (control.pause !== undefined && at > 0) yield undefined;
    yield { planned, scope: () => around.with(itemLayer(control, items, at)) };
  }
  if (after) yield* after();
}

/** What cannot be said yet, its own turn will say. */
function attempted<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
