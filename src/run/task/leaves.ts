import type { Leaves } from '../../events/event.ts';
import type { SettledTask } from '../../plan/settle-task.ts';
import type { Attempt } from '../state/outcome.ts';
import type { HostRun } from '../state/task-run.ts';

/**
 * What a task leaves to those after it, for its event; nothing where the result says all. In check
 * mode nothing is left that a later run could go on with.
 */
export function leavesOf(
  { run, host }: HostRun,
  { task, settings }: SettledTask,
  attempt: Attempt,
): Leaves | undefined {
  const { register, variables = {}, on = host, partial } = attempt;
  const isNeeded = task.register !== undefined || Object.keys(variables).length > 0;
  if (run.check || !(isNeeded || on !== host || partial)) return undefined;
  if (settings.noLog) return {};
  return {
    ...(task.register === undefined || register === undefined ? {} : { register }),
    ...(Object.keys(variables).length === 0 ? {} : { variables }),
    ...(on === host ? {} : { on: on.name }),
    ...(partial && { partial }),
  };
}
