import type { TaskResult } from '../../events/event.ts';
import type { Condition } from '../../language/model.ts';
import { ownResult } from '../../plan/layers.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import { type Scope, unknown } from '../../values/scope.ts';
import { registered } from '../result/results.ts';

/** The first condition that does not hold. */
export function unmet(conditions: readonly Condition[], scope: Scope): Condition | undefined {
  return conditions.find(({ text }) => !scope.test(text));
}

/** Results that conditions have nothing to say about. */
const settled: ReadonlySet<TaskResult['status']> = new Set(['skipped', 'unknown', 'unreachable', 'lost']);

/**
 * `changed_when` and `failed_when`, in this order. A command that left with another code than 0 has
 * failed unless `failed_when` says otherwise; nothing hides that a change did not converge.
 * @param predicted true where check mode only foretells: a condition that needs the result is
 * unknown then.
 */
export function judge(planned: PlannedTask, scope: Scope, plain: TaskResult, predicted: boolean): TaskResult {
  if (settled.has(plain.status)) return plain;
  const { changedWhen, failedWhen } = planned.task;
  const seen = predicted ? unknown('check mode cannot tell what its task would give') : registered(plain);
  const inner = scope.with(ownResult(planned, seen));
  const holds = (conditions: readonly Condition[]) => unmet(conditions, inner) === undefined;
  const badCode = typeof plain.fields.rc === 'number' && plain.fields.rc !== 0;
  const failsItself = plain.status === 'failed' && !badCode;
  const failsByCondition = failedWhen !== undefined && holds(failedWhen);
  const failed = failsItself || failsByCondition || (badCode && !failedWhen);
  // Of what has failed by itself, a condition cannot say that nothing was changed.
  const decides = changedWhen && (!failed || plain.status !== 'failed');
  const changed = decides ? holds(changedWhen) : plain.changed;
  const status = failed ? 'failed' : changed ? 'changed' : 'ok';
  return { ...plain, changed, status, message: messageFor(plain, { badCode, failsByCondition, failedWhen }) };
}

interface Verdict {
  readonly badCode: boolean;
  readonly failsByCondition: boolean;
  readonly failedWhen: readonly Condition[] | undefined;
}

function messageFor(
  { fields, message, status }: TaskResult,
  { badCode, failsByCondition, failedWhen }: Verdict,
): string {
  if (failsByCondition) return `failed_when holds: ${(failedWhen ?? []).map(({ text }) => text).join(' and ')}`;
  if (!badCode) return message;
  if (failedWhen) return 'failed_when does not hold';
  return status === 'failed' ? message : `it exited with code ${fields.rc}`;
}
