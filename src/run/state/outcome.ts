import type { TaskResult } from '../../events/event.ts';
import type { Layer } from '../../values/scope.ts';
import type { Next } from '../actions/action.ts';
import type { HostState } from './host-state.ts';

/** How a task ended on a host, and the variables that it set there. */
export interface TaskOutcome {
  readonly result: TaskResult;
  readonly next?: Next;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly included?: readonly Layer[];
}

/** An outcome, and what the task's register gets. */
export interface Attempt {
  readonly outcome: TaskOutcome;
  /** What the register gets; undefined where it follows from the result. */
  readonly register?: unknown;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly included?: readonly Layer[];
  /** Items of its loop were not begun. */
  readonly partial?: true;
  /** The host on which it was done. */
  readonly on?: HostState;
}
