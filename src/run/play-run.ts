import type { TaskResult } from '../events/event.ts';
import type { EventStream } from '../events/stream.ts';
import type { FactGroup } from '../facts/fact.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { AnyModule, Hazard } from '../modules/module.ts';
import type { Plan, PlannedPlay } from '../plan/plan.ts';
import type { AnyAction } from './actions/action.ts';
import type { DownLock } from './down-lock.ts';

/** What is the same for every task of a play on every host. */
export interface PlayRun {
  readonly plan: Plan;
  readonly play: PlannedPlay;
  readonly inventory: Inventory;
  readonly modules: ReadonlyMap<string, AnyModule>;
  readonly actions: ReadonlyMap<string, AnyAction>;
  /** Groups that the play reads. */
  readonly facts: readonly FactGroup[];
  readonly check: boolean;
  readonly allowed: readonly Hazard[];
  readonly verbosity: number;
  readonly events: EventStream;
  readonly down: DownLock;
  /** Texts that no event may show; the run adds to them. */
  readonly secrets: Set<string>;
  readonly signal: AbortSignal;
}

/** How a task ended on a host. */
export interface TaskOutcome {
  readonly result: TaskResult;
  readonly flushHandlers: boolean;
}

/** An outcome, and what the task's register gets. */
export interface Attempt {
  readonly outcome: TaskOutcome;
  /** What the register gets; undefined where it follows from the result. */
  readonly register?: unknown;
}
