import type { PlannedTask } from '../../plan/plan.ts';
import type { Placed } from '../state/position.ts';
import type { HostRun } from '../state/task-run.ts';
import { done, type Ending } from './ending.ts';
import { flushHandlers } from './handlers.ts';
import { endRecord } from './take-over.ts';

/** A part of a position that comes after all that a step can have inside of it. */
const afterAll = 1_000_000;

/**
 * Where the record of a host ends at a task, the handlers that the recorded run left run first:
 * what waits for them has waited since.
 */
export async function passRecordEnd(here: HostRun, task: PlannedTask, placed: Placed): Promise<Ending> {
  const { host } = here;
  const ends = await endRecord(here, task, placed);
  if (typeof ends !== 'boolean') return ends;
  const last = host.replay?.last();
  const owed = [...host.notified.keys()].some(id => host.replay?.owed.has(id));
  return ends && owed && last ? flushHandlers(here, [...last, afterAll]) : done;
}
