import type { PlannedTask } from '../../plan/plan.ts';
import { pendingOf } from '../state/host-state.ts';
import type { Position } from '../state/position.ts';
import type { HostRun } from '../state/task-run.ts';
import { nothingAhead } from '../state/upcoming.ts';
import { done, type Ending } from './ending.ts';
import { takeTask } from './step.ts';
import { endRecord } from './take-over.ts';

/**
 * Runs the notified handlers of a host, and those that act on a condition that stands, in the order
 * of their definition; each once.
 * @param at the position of what flushes them.
 */
export async function flushHandlers(here: HostRun, at: Position): Promise<Ending> {
  const { host, run } = here;
  const { handlers } = run.play;
  const ran = new Set<string>();
  // A handler that notifies one before it begins a new round: positions only grow.
  for (let round = 0, last = -1; ; ) {
    const next = handlers.findIndex(handler => !ran.has(handler.id) && isDue(here, handler));
    const handler = handlers[next];
    if (!handler) return done;
    if (next < last) round += 1;
    last = next;
    ran.add(handler.id);
    const place = { at: [...at, round, next], layers: [], after: nothingAhead };
    const ends = await endRecord(here, handler, place);
    if (typeof ends !== 'boolean') return ends;
    const ending = await takeTask(here, handler, place);
    if (ending.status !== 'done') return ending;
    host.notified.delete(handler.id);
  }
}

function isDue({ run, host }: HostRun, { id, task }: PlannedTask): boolean {
  if (host.notified.has(id)) return true;
  const settles = run.modules.get(task.module)?.settles;
  return task.ifPending && pendingOf(host).some(({ kind }) => kind === settles);
}
