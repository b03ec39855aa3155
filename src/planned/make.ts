import type { Change, Decision } from '../decision.ts';
import type { NumberedEvent } from '../events/event.ts';
import type { Diff, Hazard } from '../events/result.ts';
import type { RunStart } from '../events/run-start.ts';
import type { EventReader } from '../events/stream.ts';
import type { Review, ReviewedCall } from '../run/state/review.ts';
import { type HashedChange, type Hasher, hashedChange } from './hashed-change.ts';
import type { PlannedCall, PlannedTask } from './plan-file.ts';

/** Watches a run in check mode, and makes a plan of what it would change. */
export interface PlanMaker {
  readonly review: Review;
  readonly read: EventReader;
  /** What the run began with; undefined before it has begun. */
  readonly start: () => RunStart | undefined;
  /** The tasks of the plan, sorted by host and in the order in which they ran. */
  readonly tasks: () => readonly PlannedTask[];
}

type Finished = Extract<NumberedEvent, { type: 'task.finished' }>;

/** What is known of a task on a host before it ends. */
interface TaskSoFar {
  readonly calls: PlannedCall[];
  readonly hazards: Set<Hazard>;
  /** What differs for the items of its loop. */
  readonly diff: Diff[];
}

/** Begins to make a plan of what a run in check mode would change. */
export function makePlanOf(hash: Hasher): PlanMaker {
  const begun = new Map<string, TaskSoFar>();
  const tasks: PlannedTask[] = [];
  let start: RunStart | undefined;

  function soFar({ host, place }: { readonly host: string; readonly place: string }): TaskSoFar {
    const key = `${host} ${place}`;
    const known = begun.get(key) ?? { calls: [], hazards: new Set(), diff: [] };
    begun.set(key, known);
    return known;
  }
  const review: Review = (call, decision) => {
    const { calls, hazards } = soFar(call);
    const change = changeOf(decision);
    for (const { hazard } of change?.hazards ?? []) hazards.add(hazard);
    calls.push({
      ...(call.item === undefined ? {} : { item: call.item }),
      ...(!call.hidden && { args: hash.value(call.args, call.secrets) }),
      ...(change && { change: hashed(change, call) }),
    });
    return undefined;
  };
  function hashed(change: Change, { hidden, secrets }: ReviewedCall): HashedChange {
    return hidden ? hiddenChange : hashedChange(change, hash, secrets);
  }
  function finish(event: Finished): void {
    const { host, place, task, result } = event;
    const { calls, hazards, diff } = soFar(event);
    const { status, message } = result;
    const found = { status, message, hazards: [...hazards].toSorted(), diff: [...diff, ...result.diff], calls };
    tasks.push({ type: 'task', host, place, task, ...found });
  }
  return {
    review,
    read: event => {
      if (event.type === 'run.started') start = event;
      if (event.type === 'item.finished') soFar(event).diff.push(...event.result.diff);
      if (event.type === 'task.finished') finish(event);
    },
    start: () => start,
    tasks: () => tasks.toSorted((one, other) => one.host.localeCompare(other.host, 'en', { numeric: true })),
  };
}

/** Of a change that `no_log` hides, that there is one. */
const hiddenChange: HashedChange = Object.freeze({ diff: [], touches: [] });

/** What a decision would change; of one that waits for what an earlier task makes, that. */
function changeOf(decision: Decision): Change | undefined {
  if (decision.kind === 'change') return decision;
  return decision.kind === 'refuse' ? decision.once : undefined;
}
