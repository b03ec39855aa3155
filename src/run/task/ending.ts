import type { TaskResult } from '../../events/event.ts';
import type { PlannedTask } from '../../plan/plan.ts';

/**
 * How steps ended on a host. `failed` and `unreachable` go up to the next block that rescues, or
 * end the host. `left`: the host goes no further in this play, and no block holds it.
 */
export type Ending =
  | { readonly status: 'done' | 'left' }
  | {
      readonly status: 'failed' | 'unreachable' | 'lost';
      readonly result: TaskResult;
      /** The task that this host was at. */
      readonly task?: PlannedTask;
      /** The failure is another host's (`any_errors_fatal`, `run_once`). */
      readonly by?: string;
    };

export const done: Ending = Object.freeze({ status: 'done' });
export const left: Ending = Object.freeze({ status: 'left' });
