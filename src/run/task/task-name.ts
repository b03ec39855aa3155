import type { TaskName } from '../../events/event.ts';
import { positionOf } from '../../language/source.ts';
import { shownName } from '../../plan/make/shown-name.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import type { Scope } from '../../values/scope.ts';

/** How events name a task. */
export function taskName({ id, name, task, role, handler }: PlannedTask): TaskName {
  const { file, line } = positionOf(task.part);
  return { id, name, module: task.module, ...(role && { role: role.name }), handler, at: `${file}:${line}` };
}

/**
 * A task with the name that it has on a host, whose variables the plan does not know. With `no_log`
 * it keeps the planned one, as nothing of the host is told.
 */
export function namedFor<T extends PlannedTask>(planned: T, scope: () => Scope): T {
  const { name: written } = planned.task;
  if (written === undefined || planned.settings.noLog) return planned;
  const name = shownName(written, scope);
  return name === planned.name || name === written ? planned : { ...planned, name };
}
