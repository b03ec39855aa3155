import { createSemaphore, type Semaphore } from '../../connections/semaphore.ts';
import type { TaskResult } from '../../events/event.ts';
import type { Budget } from './budget.ts';
import type { Lockstep } from './lockstep.ts';
import type { Once } from './once.ts';
import type { Places } from './places.ts';

/** A failure that is everyone's. */
export interface SharedFailure {
  readonly host: string;
  readonly result: TaskResult;
  /** It is of a task with `run_once`, whose result each host has taken as its own. */
  readonly taken: boolean;
}

/** What the hosts of a batch share while they go through a play. */
export interface Batch {
  readonly hosts: readonly string[];
  /** Whether every host waits at each task for the others. */
  readonly linear: boolean;
  readonly lockstep: Lockstep;
  /** Hosts at work at once (`forks`). Who waits for others has no place. */
  readonly places: Places;
  readonly once: Once;
  readonly budget: Budget;
  /** Failures of tasks with `any_errors_fatal`, in order. */
  readonly shared: SharedFailure[];
  /** Places for the hosts at one task with `throttle`. */
  readonly throttle: (task: string, hosts: number) => Semaphore;
  /** Why no host starts another task: the words of `meta`. */
  over: 'end_batch' | 'end_play' | undefined;
}

export type BatchOptions = Pick<Batch, 'hosts' | 'linear' | 'lockstep' | 'places' | 'once' | 'budget'>;

/** A batch at its start. */
export function createBatch(options: BatchOptions): Batch {
  const throttles = new Map<string, Semaphore>();
  function throttle(task: string, hosts: number): Semaphore {
    const known = throttles.get(task) ?? createSemaphore(hosts);
    throttles.set(task, known);
    return known;
  }
  return { ...options, shared: [], throttle, over: undefined };
}
