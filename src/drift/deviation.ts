import type { TaskName } from '../events/event.ts';
import type { Diff } from '../events/result.ts';

/** A part of a host that is not as a task states, or of which check mode cannot tell. */
export interface Deviation {
  readonly host: string;
  readonly task: TaskName;
  /** The item of its loop. */
  readonly item?: string;
  /** What of the host it is about, as the diff of the module names it. */
  readonly subject?: string;
  readonly message: string;
  /** None, or that of the subject. */
  readonly diff: readonly Diff[];
}

/** Tells a task on a host from all others, also from run to run, in which numbers differ. */
export function taskKey(host: string, { role, name, module }: TaskName): string {
  return JSON.stringify([host, role, name, module]);
}

/**
 * Tells a deviation from all others, also from run to run. What differs is not part of it: a text
 * with a date in it is not a new deviation each night.
 */
export function deviationKey({ host, task, item, subject }: Deviation): string {
  return JSON.stringify([taskKey(host, task), item, subject]);
}
