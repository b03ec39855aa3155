import type { TaskResult } from '../../events/event.ts';
import type { LoopControl } from '../../language/model.ts';
import { timePassed } from '../ahead/upcoming-probes.ts';
import { result } from '../result/results.ts';
import type { HostRun } from '../state/task-run.ts';
import { pause } from './pause.ts';

/** Waits before every item but the first, as `loop_control.pause` says. */
export async function pauseBetween(here: HostRun, control: LoopControl, at: number): Promise<void> {
  if (control.pause === undefined || at === 0) return;
  await pause(control.pause, here.run.signal);
  timePassed(here);
}

/** What an item is called in the report. */
export function labelOf(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item);
  const { name, key } = item as { name?: unknown; key?: unknown };
  return String(name ?? key ?? JSON.stringify(item));
}

/** The result of a loop: the worst of its items, with all their diffs. */
export function aggregate(results: readonly TaskResult[]): TaskResult {
  const order = ['unreachable', 'lost', 'failed', 'changed', 'unknown', 'ok', 'skipped'] as const;
  const status = order.find(candidate => results.some(item => item.status === candidate)) ?? 'skipped';
  const worst = results.find(item => item.status === status);
  const count = results.filter(item => item.status === status).length;
  const worstOf = ({ message }: TaskResult) =>
    results.length === 1 ? message : `${count} of ${results.length} items ${status}: ${message}`;
  const message = worst ? worstOf(worst) : 'the loop has no items';
  return result(status, message, {
    changed: results.some(item => item.changed),
    diff: [],
    pending: results.flatMap(item => item.pending),
    ...(worst?.hint === undefined ? {} : { hint: worst.hint }),
  });
}
