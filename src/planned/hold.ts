import { isDeepStrictEqual } from 'node:util';
import type { Change } from '../decision.ts';
import type { TaskResult } from '../events/event.ts';
import { result } from '../run/result/results.ts';
import type { Review, ReviewedCall } from '../run/state/review.ts';
import { type HashedChange, type HashedDiff, type Hasher, hashedChange } from './hashed-change.ts';
import type { PlannedCall, PlannedTask } from './plan-file.ts';

/** How a plan is held to. */
export interface Holding {
  readonly tasks: readonly PlannedTask[];
  readonly hash: Hasher;
  /** Whether tasks run of which check mode could not tell what they would do. */
  readonly unknownRuns: boolean;
}

/**
 * Lets a run change nothing but what was planned: each change must make the differences that the
 * plan has, or go on from those that an earlier change of this run has left.
 */
export function holdTo({ tasks, hash, unknownRuns }: Holding): Review {
  const planned = new Map(tasks.map(task => [`${task.host} ${task.place}`, task]));
  const withUnknown = new Set(tasks.flatMap(({ host, status }) => (status === 'unknown' ? [host] : [])));
  /** What earlier changes of this run have left, by host and subject. */
  const left = new Map<string, string>();

  /**
   * Whether it goes on from what an earlier change left: it begins there, or changes the very lines
   * that were planned. A program may write what it is given in a form of its own.
   */
  function goesOn(host: string, { subject, before, lines }: HashedDiff, goal: HashedChange | undefined): boolean {
    const ours = left.get(`${host} ${subject}`);
    if (ours === undefined) return false;
    const isPlanned = (planned: HashedDiff) => planned.subject === subject && planned.lines === lines;
    return ours === before || (goal?.diff.some(isPlanned) ?? false);
  }
  function argumentsOf({ args, hidden, secrets }: ReviewedCall): string | undefined {
    return hidden ? undefined : hash.value(args, secrets);
  }
  function whyNot(call: ReviewedCall, change: Change, found: HashedChange): string | undefined {
    const { host, task: name } = call;
    const task = planned.get(`${host} ${call.place}`);
    const hazards = new Set((change.hazards ?? []).map(({ hazard }) => hazard));
    const more = [...hazards].filter(kind => !task?.hazards.includes(kind));
    if (more.length > 0) return `the plan does not have its hazards: ${more.join(', ')}`;
    if (!task) return name.handler && withUnknown.has(host) && unknownRuns ? undefined : 'it is not in the plan';
    const known = callOf(task, call);
    if (known && known.args !== argumentsOf(call)) return 'its arguments are not those of the plan';
    if (task.status === 'unknown') return unknownRuns ? undefined : 'the plan could not tell what it would do';
    const goal = known?.change;
    if (goal && (call.hidden || isDeepStrictEqual(goal, found))) return undefined;
    const others = found.diff.filter(diff => !goesOn(host, diff, goal));
    if (others.length < found.diff.length && others.every(diff => has(goal, diff))) return undefined;
    if (!goal) return 'the plan found nothing to change';
    if (!endsAlike(goal, found)) return 'it would make another change than the plan has';
    return 'the host was changed since the plan was made';
  }
  return (call, decision) => {
    if (decision.kind !== 'change') return undefined;
    const found = hashedChange(decision, hash, call.secrets);
    const why = whyNot(call, decision, found);
    if (why !== undefined) return refusal(why, decision, planned.get(`${call.host} ${call.place}`));
    for (const { subject, after } of found.diff) left.set(`${call.host} ${subject}`, after);
    return undefined;
  };
}

function callOf({ calls }: PlannedTask, { item }: ReviewedCall): PlannedCall | undefined {
  return calls.find(call => call.item === item);
}

/** Whether a change has exactly this difference. */
function has(change: HashedChange | undefined, diff: HashedDiff): boolean {
  return change?.diff.some(planned => isDeepStrictEqual(planned, diff)) ?? false;
}

/** Whether two changes end alike, wherever they begin. */
function endsAlike(one: HashedChange, other: HashedChange): boolean {
  const goals = ({ diff }: HashedChange) => diff.map(({ subject, after }) => [subject, after]);
  return isDeepStrictEqual(goals(one), goals(other));
}

function refusal(why: string, { diff, reason }: Change, task: PlannedTask | undefined): TaskResult {
  const planned = task ? ` The plan has: ${task.status}, ${task.message}.` : '';
  return result('failed', `not as planned: ${why}; now ${reason}.${planned}`, {
    diff,
    hint: 'Nothing was done. Make the plan again, look at it, and apply that.',
  });
}
