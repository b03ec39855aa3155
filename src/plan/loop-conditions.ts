import type { Condition, LoopControl } from '../language/model.ts';
import { compileExpression } from '../values/expression.ts';

/**
 * Parts the conditions of a task with a loop: `inner` name the loop's variable and are asked for each item, `outer` are asked once, before the list is
 * looked at, which may not exist where they do not hold.
 * @throws ValueError for a condition that is not valid
 */
export function splitByLoop(
  when: readonly Condition[],
  control: LoopControl | undefined,
): { readonly outer: readonly Condition[]; readonly inner: readonly Condition[] } {
  const own = control ? [control.loopVar, ...(control.indexVar ? [control.indexVar] : [])] : [];
  const names = ({ text }: Condition) => own.some(name => compileExpression(text).references.has(name));
  return { outer: when.filter(condition => !names(condition)), inner: when.filter(names) };
}
