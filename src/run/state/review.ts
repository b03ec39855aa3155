import type { Decision } from '../../decision.ts';
import type { TaskName, TaskResult } from '../../events/event.ts';

/** A call of a module on a host, as a review knows it. */
export interface ReviewedCall {
  readonly host: string;
  /** Where in the run the task is, as events tell it. */
  readonly place: string;
  readonly task: TaskName;
  /** The number of the item of its loop, from 0. */
  readonly item?: number | undefined;
  readonly args: object;
  /** Texts in its arguments that are secret. */
  readonly secrets: readonly string[];
  /** Whether `no_log` hides what it is about. */
  readonly hidden: boolean;
}

/**
 * Looks at what a module has decided, before anything is done. What it gives ends the task; with
 * nothing the task goes on.
 */
export type Review = (call: ReviewedCall, decision: Decision) => TaskResult | undefined;
