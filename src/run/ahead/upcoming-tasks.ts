import { splitByLoop } from '../../plan/loop-conditions.ts';
import { itemLayer, loopItems } from '../../plan/loop-items.ts';
import type { PlannedBlock, PlannedLoop, PlannedStep, PlannedTask } from '../../plan/plan.ts';
import type { Layer, Scope } from '../../values/scope.ts';
import type { HostState } from '../state/host-state.ts';
import { unmet } from '../state/judge.ts';
import type { PlayRun } from '../state/play-run.ts';
import { scopeOf, scopeWith } from '../state/scope.ts';
import { type Coming, noSight, type Sight } from '../state/upcoming.ts';

/** What lies ahead in these steps, and after them. */
export function* sightOf(
  run: PlayRun,
  host: HostState,
  steps: readonly PlannedStep[],
  layers: readonly Layer[],
  after: Sight = noSight,
): Generator<Coming | undefined> {
  for (const step of steps) {
    if (step.kind === 'task') yield* taskSight(run, host, step, layers);
    else if (step.kind === 'block') yield* blockSight(run, host, step, layers);
    else yield* loopSight(run, host, step, layers);
  }
  yield* after();
}

/** A block that goes well. */
function blockSight(
  run: PlayRun,
  host: HostState,
  { block, always }: PlannedBlock,
  layers: readonly Layer[],
): Iterable<Coming | undefined> {
  return sightOf(run, host, [...block, ...always], layers);
}

function* loopSight(
  run: PlayRun,
  host: HostState,
  { value, control, layers: own, role, when, body }: PlannedLoop,
  layers: readonly Layer[],
): Generator<Coming | undefined> {
  const items = attempted(() => {
    const scope = scopeWith(run, host, own, role, layers);
    return unmet(when, scope) ? [] : loopItems(scope.evaluate(value));
  });
  if (items) yield* bodySight(run, host, { body, control, layers, items, from: 0 });
}

export interface Rounds extends Pick<PlannedLoop, 'body' | 'control'> {
  readonly layers: readonly Layer[];
  readonly items: readonly unknown[];
  readonly from: number;
  readonly after?: Sight;
}

/** The rounds of a loop over steps from one on, and what comes after them. */
export function* bodySight(
  run: PlayRun,
  host: HostState,
  { body, control, layers, items, from, after = noSight }: Rounds,
): Generator<Coming | undefined> {
  for (let at = from; at < items.length; at += 1) {
    if (control.pause !== undefined && at > 0) yield undefined;
    yield* sightOf(run, host, body, [...layers, itemLayer(control, items, at)]);
  }
  yield* after();
}

function* taskSight(
  run: PlayRun,
  host: HostState,
  planned: PlannedTask,
  layers: readonly Layer[],
): Generator<Coming | undefined> {
  const { loop } = planned.task;
  const scope = () => scopeOf(run, host, planned, layers);
  if (!loop) {
    yield { planned, scope };
    return;
  }
  const rounds = attempted(() => {
    const around = scope();
    const { outer, inner } = splitByLoop(planned.when, loop.control, planned.layers.local);
    const items = unmet(outer, around) ? [] : loopItems(around.evaluate(loop.value, loop.part));
    return roundSight({ ...planned, when: inner }, around, items, 0);
  });
  if (rounds) yield* rounds;
}

/** The rounds of a task's loop from one on, and what comes after them. */
export function* roundSight(
  planned: PlannedTask,
  around: Scope,
  items: readonly unknown[],
  from: number,
  after: Sight = noSight,
): Generator<Coming | undefined> {
  const { control } = planned.task.loop!;
  for (let at = from; at < items.length; at += 1) {
    if (control.pause !== undefined && at > 0) yield undefined;
    yield { planned, scope: () => around.with(itemLayer(control, items, at)) };
  }
  yield* after();
}

/** What cannot be said yet, its own turn will say. */
function attempted<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
