import type { AnyCallable } from '../../callable.ts';
import { certain } from '../../errors.ts';
import { argumentMap, evaluateArguments } from '../../plan/arguments/evaluate-arguments.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import { ValueError } from '../../values/errors.ts';
import type { Scope } from '../../values/scope.ts';

/**
 * The arguments of a task on a host, evaluated and compared with their schema.
 * @throws UndefinedName, UnknownValue, ValueError
 */
export function argumentsOf(
  { task }: PlannedTask,
  callable: AnyCallable,
  scope: Scope,
): Readonly<Record<string, unknown>> {
  const raw = certain(argumentMap(task.args, callable), 'a map of arguments');
  const evaluated = evaluateArguments(raw, callable, scope, error => {
    throw error;
  });
  if (evaluated.unknown[0]) throw evaluated.unknown[0].error;
  const wrong = evaluated.problems[0];
  if (wrong) throw new ValueError(`argument ${wrong.path.join('.') || 'list'}: ${wrong.message}`, { hint: wrong.hint });
  const misfit = callable.problems?.(evaluated.args)[0];
  if (misfit) throw new ValueError(`argument ${misfit.argument}: ${misfit.message}`);
  return evaluated.args;
}
