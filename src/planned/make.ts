import type { Change, Decision } from '../decision.ts';
import type { NumberedEvent } from '../events/event.ts';
import type { Diff } from '../events/result.ts';
import type { EventReader } from '../events/stream.ts';
import type { Review } from '../run/state/review.ts';
import { type HashValue, hashedDiffs } from './hashes.ts';
import type { PlannedCall, PlannedChange, PlannedTask } from './plan-file.ts';

/** Watches a run in check mode, and makes a plan of what it would change. */
export interface PlanMaker {
  readonly review: Review;
  readonly read: EventReader;
  /** The tasks of the plan, sorted by host and in the order in which they ran. */
  readonly tasks: () => readonly PlannedTask[];
}

type Finished = Extract<NumberedEvent, { type: 'task.finished' }>;

/** @param hash with the salt of the plan */
export function makePlanOf(hash: HashValue): PlanMaker {
  const calls = new Map<string, (PlannedCall & { readonly hazards: PlannedChange['hazards'] })[]>();
  const diffs = new Map<string, Diff[]>();
  const tasks: PlannedTask[] = [];

  const review: Review = ({ host, place, item, args }, decision) => {
    const key = `${host} ${place}`;
    const change = changeOf(decision);
    const call = {
      ...(item === undefined ? {} : { item }),
      args: hash(args),
      ...(change && { change: plannedChange(change, hash) }),
      hazards: (change?.hazards ?? []).map(({ hazard }) => hazard),
    };
    calls.set(key, [...(calls.get(key) ?? []), call]);
    return undefined;
  };
  function finish({ host, place, task, result }: Finished): void {
    const key = `${host} ${place}`;
    const made = calls.get(key) ?? [];
    tasks.push({
      type: 'task',
      host,
      place,
      task,
      status: result.status,
      message: result.message,
      hazards: [...new Set(made.flatMap(({ hazards }) => hazards))].toSorted(),
      diff: [...(diffs.get(key) ?? []), ...result.diff],
      calls: made.map(({ hazards: _, ...call }) => call),
    });
  }
  return {
    review,
    read: event => {
      if (event.type === 'task.finished') finish(event);
      if (event.type !== 'item.finished') return;
      const key = `${event.host} ${event.place}`;
      diffs.set(key, [...(diffs.get(key) ?? []), ...event.result.diff]);
    },
    tasks: () => tasks.toSorted((one, other) => one.host.localeCompare(other.host, 'en', { numeric: true })),
  };
}

/** What a decision would change; of one that waits for what an earlier task makes, that. */
export function changeOf(decision: Decision): Change | undefined {
  if (decision.kind === 'change') return decision;
  return decision.kind === 'refuse' ? decision.once : undefined;
}

function plannedChange(change: Change, hash: HashValue): PlannedChange {
  const { hazards = [], creates = [], alters = [], removes = [] } = change;
  return {
    diff: hashedDiffs(change, hash),
    hazards: [...new Set(hazards.map(({ hazard }) => hazard))].toSorted(),
    touches: [creates, alters, removes].map(resources => hash(resources)),
  };
}
