import { type Budget, createBudget } from './budget.ts';
import { createDownLocks, type DownLock } from './down-lock.ts';
import { createGate, type Gate } from './gate.ts';
import { createLockstep, type Lockstep } from './lockstep.ts';
import { createOnce, type Once } from './once.ts';

/**
 * What the hosts of a run agree on: how many may fail, what one does for all, who may be down, who
 * waits for whom, and whether the next batch may begin. The run asks only through these; where they
 * are kept is not its concern.
 */
export interface Coordination {
  /**
   * How many hosts of a play may fail.
   * @param percent `max_fail_percentage`
   * @param fleet hosts of the play
   */
  readonly budget: (percent: number | undefined, fleet: number) => Budget;
  /** The tasks of a play that one host does for all. */
  readonly once: () => Once;
  /** Who may be down, of `maxDown` hosts at once; what failed counts for all plays of the run. */
  readonly down: (maxDown: number) => DownLock;
  /** The common pace of these hosts. */
  readonly lockstep: (hosts: readonly string[]) => Lockstep;
  /** The gate of a play behind one batch. */
  readonly gate: () => Gate;
}

/** For a run in one process. */
export function inProcess(): Coordination {
  return {
    budget: createBudget,
    once: createOnce,
    down: createDownLocks(),
    lockstep: createLockstep,
    gate: createGate,
  };
}
