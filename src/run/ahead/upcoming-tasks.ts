import type { LoopControl } from '../../language/model.ts';
import { itemLayer } from '../../plan/layers.ts';
import { splitByLoop } from '../../plan/loop-conditions.ts';
import { loopItems } from '../../plan/loop-items.ts';
import type { PlannedLoop, PlannedStep, PlannedTask } from '../../plan/plan.ts';
import { type Reached, type Way, walk } from '../../plan/walk.ts';
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
  const way: Way = { rounds: (loop, around) => roundsOf(here, loop, around), rescues: false };
  for (const reached of walk(steps, layers, way)) {
    if (reached) yield* taskAhead(here, reached);
    else yield undefined;
  }
  if (after) yield* after();
}

/** The rounds of a loop over steps; undefined for a pause between two. */
function* roundsOf(here: HostRun, loop: PlannedLoop, layers: readonly Layer[]): Generator<Layer | undefined> {
  const items = attempted(() => {
    const scope = scopeOf(here, loop, layers);
    return unmet(loop.when, scope) ? [] : loopItems(scope.evaluate(loop.value));
  });
  if (items) yield* itemsFrom(loop.control, items, 0);
}

function* itemsFrom(control: LoopControl, items: readonly unknown[], from: number): Generator<Layer | undefined> {
  for (let at = from; at < items.length; at += 1) {
    if (control.pause !== undefined && at > 0) yield undefined;
    yield itemLayer(control, items, at);
  }
}

export interface Rounds extends Around {
  readonly items: readonly unknown[];
  readonly from: number;
}

/** The rounds of a loop over steps from one on, and what comes after them. */
export function* loopAhead(
  here: HostRun,
  { control, body }: PlannedLoop,
  { layers, items, from, after }: Rounds,
): Generator<UpcomingTask | undefined> {
  for (const round of itemsFrom(control, items, from)) {
    if (round) yield* tasksAhead(here, body, { layers: [...layers, round] });
    else yield undefined;
  }
  if (after) yield* after();
}

function* taskAhead(here: HostRun, { planned, layers }: Reached): Generator<UpcomingTask | undefined> {
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
  const { loop } = planned.task;
  for (const round of loop ? itemsFrom(loop.control, items, from) : []) {
    yield round && { planned, scope: () => around.with(round) };
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
