import type { Condition, LoopControl } from '../language/model.ts';
import { compileExpression } from '../values/expression.ts';
import type { Layer } from '../values/scope.ts';
import { pathsIn, textsIn } from './texts.ts';

/**
 * Parts the conditions of a task with a loop: `inner` name the loop's variable, or a variable of
 * the task that is made of it, and are asked for each item; `outer` are asked once, before the list
 * is looked at, which may not exist where they do not hold.
 * @param variables those of the task and of the blocks around it.
 * @throws ValueError for a condition that is not valid
 */
export function splitByLoop(
  when: readonly Condition[],
  control: LoopControl | undefined,
  variables: readonly Layer[],
): { readonly outer: readonly Condition[]; readonly inner: readonly Condition[] } {
  const own = control ? madeOfItem(control, variables) : new Set<string>();
  const names = ({ text }: Condition) => [...compileExpression(text).references.keys()].some(name => own.has(name));
  return { outer: when.filter(condition => !names(condition)), inner: when.filter(names) };
}

/** Names of the loop's variables, and of all variables that need one of them, however far away. */
function madeOfItem({ loopVar, indexVar }: LoopControl, variables: readonly Layer[]): ReadonlySet<string> {
  const names = new Set([loopVar, ...(indexVar ? [indexVar] : [])]);
  const others = variables.flatMap(({ values, part, literal }) =>
    part && !literal
      ? Object.entries(values).map(([name, value]) => ({
          name,
          needs: textsIn(value, part).flatMap(text => pathsIn(text).map(path => path.name)),
        }))
      : [],
  );
  for (let count = 0; count !== names.size; ) {
    count = names.size;
    for (const { name, needs } of others) if (needs.some(need => names.has(need))) names.add(name);
  }
  return names;
}
