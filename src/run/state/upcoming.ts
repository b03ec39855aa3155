import type { PlannedTask } from '../../plan/plan.ts';
import type { Scope } from '../../values/scope.ts';

/** A task, or a round of its loop, that a host will come to if nothing gets in its way; with the variables that it would see if it were its turn now. */
export interface Coming {
  readonly planned: PlannedTask;
  readonly scope: () => Scope;
}

/** What lies ahead of a host, in order, worked out as far as somebody looks. `undefined` is where sight ends. */
export type Sight = () => Iterable<Coming | undefined>;

/** Nothing lies ahead. */
export const noSight: Sight = () => [];
