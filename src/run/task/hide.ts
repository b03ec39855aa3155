import type { TaskResult } from '../../events/event.ts';
import type { SettledTask } from '../../plan/settle-task.ts';

/** A result as it counts: a failure that the task's keywords let pass is ignored. */
export function withIgnored({ settings }: SettledTask, plain: TaskResult): TaskResult {
  const isIgnored =
    (plain.status === 'failed' && settings.ignoreErrors) ||
    (plain.status === 'unreachable' && settings.ignoreUnreachable);
  return isIgnored ? { ...plain, ignored: true } : plain;
}

/**
 * What of a result is told: with `diff: false` no diff; with `no_log` its status alone, and nothing
 * of what it was about.
 */
export function hide({ settings }: SettledTask, plain: TaskResult): TaskResult {
  if (settings.noLog) {
    const { hint: _, ...rest } = plain;
    return { ...rest, message: 'hidden by no_log', diff: [], fields: {} };
  }
  return settings.diff === false ? { ...plain, diff: [] } : plain;
}

/** What an item of a loop is called; with `no_log` by its place alone. */
export function hideLabel({ settings }: SettledTask, at: number, label: () => string): string {
  return settings.noLog ? `item ${at + 1}` : label();
}
