import type { PlannedTask } from '../../plan/plan.ts';
import type { Scope } from '../../values/scope.ts';

/**
 * A task, or a round of its loop, that a host will come to if nothing gets in its way; with the
 * variables that it would see if it were its turn now.
 */
export interface UpcomingTask {
  readonly planned: PlannedTask;
  readonly scope: () => Scope;
}

/**
 * What lies ahead of a host, in order, worked out as far as somebody looks. `undefined` is where
 * nothing more can be said.
 */
export type Ahead = () => Iterable<UpcomingTask | undefined>;

/** Nothing lies ahead. */
export const nothingAhead: Ahead = () => [];
