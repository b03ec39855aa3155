import type { Play } from '../../language/model.ts';
import type { Inherited } from '../inherit.ts';
import type { PlannedTask } from '../plan.ts';
import { enterRole } from '../resolve-role.ts';
import { tasksOf } from '../walk.ts';
import { type Making, planSteps } from './plan-steps.ts';

/** The play's own handlers and those of its roles, in that order; each role's once. */
export function planHandlers(play: Play, base: Inherited, making: Making): readonly PlannedTask[] {
  const { library, problems, entered } = making;
  const own = planSteps(play.handlers, { ...base, handler: true }, making);
  const roles = [...entered].flatMap(([name, first]) => {
    const role = library.known(name);
    if (!role) return [];
    // The conditions of the call decide on its tasks; a handler that was notified runs.
    const { when: _, ...call } = first;
    return planSteps(role.handlers, enterRole(role, call, { ...base, handler: true }), making);
  });
  const handlers = [...own, ...roles];
  for (const handler of handlers) {
    if (handler.kind === 'task') continue;
    const part = handler.kind === 'loop' ? handler.part : (tasksOf([handler])[0]?.task.part ?? play.part);
    problems.add(part, 'a handler is a single task: no block and no loop around it');
  }
  return handlers.filter(handler => handler.kind === 'task');
}
