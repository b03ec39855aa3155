import type { Decision } from '../../src/decision.ts';
import { hashedChange, hasher } from '../../src/planned/hashed-change.ts';
import type { PlannedTask } from '../../src/planned/plan-file.ts';
import type { ReviewedCall } from '../../src/run/state/review.ts';

export const hash = hasher('00', new Set(['S3CR3T-named']));
export const args = { path: '/f' };
export const task = { id: '1', name: 'it', module: 'copy', handler: false, at: 'site.yml:1' };
export const call: ReviewedCall = { host: 'h1', place: '0/0', task, args, secrets: [], hidden: false };

/** A planned task that found that change. */
export function planned(found: Decision, more: Partial<PlannedTask> = {}): PlannedTask {
  const made = found.kind === 'change' && { change: hashedChange(found, hash) };
  return {
    type: 'task',
    ...{ host: 'h1', place: '0/0', task, status: 'changed', message: 'differs', hazards: [], diff: [] },
    calls: [{ args: hash.value(args), ...made }],
    ...more,
  } as PlannedTask;
}
