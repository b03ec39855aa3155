import type { TaskResult } from '../../events/event.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import type { Next } from '../actions/action.ts';

/**
 * How steps ended on a host. `done`: it goes on, after what a task asks for next. `failed` and
 * `unreachable` go up to the next block that rescues, or end the host. `left`: the host goes no
 * further in this play, and no block holds it.
 */
export type Ending =
  | { readonly status: 'done'; readonly next?: Next }
  | { readonly status: 'left' }
  | {
      readonly status: 'failed' | 'unreachable' | 'lost';
      readonly result: TaskResult;
      /** The task that this host was at. */
      readonly task?: PlannedTask;
      /** The failure is another host's (`any_errors_fatal`, `run_once`). */
      readonly by?: string;
    };

export const done = Object.freeze({ status: 'done' }) satisfies Ending;
export const left = Object.freeze({ status: 'left' }) satisfies Ending;
