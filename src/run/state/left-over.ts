import type { TaskName } from '../../events/event.ts';
import type { Pending } from '../../events/result.ts';

/** What earlier runs have left to do on a host. */
export interface LeftOver {
  /** The newest run that has left it. */
  readonly run: string;
  /** Handlers that were notified and did not run. */
  readonly owed: readonly TaskName[];
  /** Reboots that were due in this boot of the host. */
  readonly due: readonly Pending[];
  readonly boot?: string;
}

/**
 * Whether two names are those of the same handler, also of different runs, in which ids differ.
 */
export function isSameTask(one: TaskName, other: TaskName): boolean {
  return one.name === other.name && one.module === other.module && one.role === other.role;
}
