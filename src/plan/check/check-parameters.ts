import type { Problems } from '../../language/problems.ts';
import { inside } from '../../language/source.ts';
import { emptyRather, hintAt, validate } from '../../language/validate.ts';
import { UnknownValue } from '../../values/errors.ts';
import type { Scope } from '../../values/scope.ts';
import { dropNulls } from '../arguments/fill.ts';
import { report } from '../attempt.ts';
import type { PlannedTask } from '../plan.ts';
import { parameterSchemaOf } from '../resolve-role.ts';

/**
 * Compares a role's parameters on a host with the role's schema, as far as they are known before
 * the run. What is wrong is shown where it was given. False if anything is.
 */
export function checkParameters(planned: PlannedTask, scope: Scope, problems: Problems): boolean {
  const schema = parameterSchemaOf(planned.layers);
  if (!schema) return true;
  const call = planned.call ?? planned.task.part;
  const values: Record<string, unknown> = {};
  for (const name of Object.keys((schema.properties ?? {}) as object)) {
    try {
      values[name] = scope.resolve(name);
    } catch (error) {
      if (error instanceof UnknownValue) return true;
      report(problems, call, error);
      return false;
    }
  }
  // The schema itself has null for a parameter without a default.
  const given = Object.fromEntries(Object.entries(values).filter(([name]) => scope.origin(name)?.part));
  const found = validate(schema, dropNulls(values)).map(problem => emptyRather(problem, given));
  for (const problem of found) {
    const { path, atKey, message } = problem;
    const [name] = path;
    const origin = name === undefined ? undefined : scope.origin(String(name));
    const from = origin ? ` (from ${origin.origin})` : '';
    const at = path.length > 1 ? `${path.slice(0, -1).join('.')}: ` : '';
    const text = `role "${planned.role?.name}": ${at}${message}${from}`;
    const place = origin?.part ? inside(origin.part, ...path) : call;
    (atKey && origin?.part ? problems.addAtKey : problems.add)(place, text, hintAt(problem, place));
  }
  return found.length === 0;
}
