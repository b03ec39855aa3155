import { type Problems, plainList } from '../language/problems.ts';
import { inside } from '../language/source.ts';
import { suggest } from '../language/suggest.ts';
import { ValueError } from '../values/errors.ts';
import type { Scope } from '../values/scope.ts';
import type { PlannedPlay, PlannedTask } from './plan.ts';
import { tasksOf } from './walk.ts';

/**
 * Tells of names in `notify` that no handler of the play has; those that are evaluated have {@link
 * notifiedBy}.
 */
export function checkNotifications(play: PlannedPlay, problems: Problems): void {
  for (const { notify, task } of tasksOf([...play.stages.flat(), ...play.gate])) {
    for (const name of notify) {
      if (typeof name !== 'string' || problems.mayHave(name)) continue;
      const missing = missingHandler(name, play.handlers);
      // What is not in the task's own list, a block around it has.
      const at = task.notify.indexOf(name);
      const part = at < 0 ? inside(task.part, 'notify') : inside(task.part, 'notify', at);
      if (missing) problems.add(part, missing.message, missing.hint);
    }
  }
}

/**
 * The handlers that a task notifies on a host.
 * @throws UndefinedName, UnknownValue, ValueError also for a name that no handler has
 */
export function notifiedBy({ notify }: PlannedTask, handlers: readonly PlannedTask[], scope: Scope): readonly string[] {
  return notify.flatMap(name => {
    if (typeof name === 'string') return [name];
    const names = plainList(scope.evaluate(name.value, name.part));
    for (const one of names) {
      const missing = missingHandler(one, handlers);
      if (!missing) continue;
      const error = new ValueError(missing.message, { hint: missing.hint });
      error.place = name.part;
      throw error;
    }
    return names;
  });
}

function missingHandler(
  name: string,
  handlers: readonly PlannedTask[],
): { readonly message: string; readonly hint: string } | undefined {
  const names = new Set(handlers.flatMap(handler => [handler.name, ...handler.task.listen]));
  if (names.has(name)) return undefined;
  const others = names.size > 0 ? `Handlers here: ${[...names].join(', ')}.` : 'This play has no handlers.';
  return { message: `there is no handler "${name}"`, hint: suggest(name, names) ?? others };
}
