import type { TaskName } from '../events/event.ts';
import { positionOf } from '../language/source.ts';
import type { PlannedTask } from '../plan/plan.ts';

/** How events name a task. */
export function taskName({ id, name, task, role, handler }: PlannedTask): TaskName {
  const { file, line } = positionOf(task.part);
  return { id, name, module: task.module, ...(role && { role: role.name }), handler, at: `${file}:${line}` };
}
