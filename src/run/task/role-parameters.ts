import { collectProblems } from '../../language/problems.ts';
import { checkParameters } from '../../plan/check/check-parameters.ts';
import { splitByLoop } from '../../plan/loop-conditions.ts';
import type { Layer } from '../../values/scope.ts';
import { result } from '../result/results.ts';
import { unmet } from '../state/judge.ts';
import type { Attempt } from '../state/outcome.ts';
import type { TaskRun } from '../state/task-run.ts';

/**
 * Why a task of a role cannot run: parameters that were not known before the run, of facts or of
 * other results, and do not fit the role's schema. Looked at once for each call of a role, and each
 * turn of a loop around it.
 * @param inner the variables of the loops and rescues around the task
 */
export function wrongParameters({ host, planned, scope }: TaskRun, inner: readonly Layer[]): Attempt | undefined {
  const { call, handler, layers, task } = planned;
  if (!call || handler || host.soundCalls.get(call) === inner) return undefined;
  const conditions = task.loop ? splitByLoop(planned.when, task.loop.control, layers.local).outer : planned.when;
  if (unmet(conditions, scope)) return undefined;
  const problems = collectProblems();
  if (checkParameters(planned, scope, problems)) {
    host.soundCalls.set(call, inner);
    return undefined;
  }
  const found = problems.list();
  const message = found.map(({ at, message: what }) => `${what} (${at.file}:${at.line}:${at.column})`).join('; ');
  const hint = found[0]?.hint;
  return { outcome: { result: result('failed', message, hint === undefined ? {} : { hint }) } };
}
