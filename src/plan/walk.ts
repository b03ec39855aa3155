import type { Layer } from '../values/scope.ts';
import { unknownFailure } from './layers.ts';
import type { PlannedLoop, PlannedStep, PlannedTask } from './plan.ts';

/** A task on the way through steps, and the variables of the loops and rescues around it. */
export interface Reached {
  readonly planned: PlannedTask;
  readonly layers: readonly Layer[];
}

/** Which way is taken through steps that are not run. */
export interface Way {
  /**
   * The variables of each round of a loop over steps; undefined where nothing can be said of what
   * comes after.
   */
  readonly rounds: (loop: PlannedLoop, layers: readonly Layer[]) => Iterable<Layer | undefined>;
  /** Goes through what a rescue would do, too. */
  readonly rescues: boolean;
}

/**
 * The tasks of steps in order, each when it is asked for, so that what one brings can be known to
 * the next. The run itself goes its own way (`run/task/steps.ts`): only there a step ends others.
 */
export function* walk(
  steps: readonly PlannedStep[],
  layers: readonly Layer[],
  way: Way,
): Generator<Reached | undefined> {
  for (const step of steps) {
    if (step.kind === 'task') yield { planned: step, layers };
    else if (step.kind === 'loop') {
      for (const round of way.rounds(step, layers)) {
        if (round) yield* walk(step.body, [...layers, round], way);
        else yield undefined;
      }
    } else {
      yield* walk(step.block, layers, way);
      if (way.rescues) yield* walk(step.rescue, [...layers, unknownFailure], way);
      yield* walk(step.always, layers, way);
    }
  }
}

const once: Layer = { origin: 'loop', values: {} };
const everywhere: Way = { rounds: () => [once], rescues: true };

/** Every task of steps, in order, also those of blocks, rescues and loops. */
export function tasksOf(steps: readonly PlannedStep[]): readonly PlannedTask[] {
  return [...walk(steps, [], everywhere)].flatMap(reached => reached?.planned ?? []);
}
