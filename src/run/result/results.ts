import { ConnectionLost, Unreachable } from '../../connections/errors.ts';
import type { Change } from '../../decision.ts';
import { HostwrightError, messageOf } from '../../errors.ts';
import type { TaskResult } from '../../events/event.ts';
import { UnknownValue } from '../../values/errors.ts';
import { past } from './past.ts';

const empty: Omit<TaskResult, 'status' | 'message'> = Object.freeze({
  changed: false,
  diff: [],
  pending: [],
  fields: {},
});

/** A result: what is not given is empty. */
export function result(status: TaskResult['status'], message: string, more: Partial<TaskResult> = {}): TaskResult {
  return Object.freeze({ ...empty, status, message, ...more });
}

/** A failure in words, from anything that was thrown. */
export function failure(error: unknown, more: Partial<TaskResult> = {}): TaskResult {
  const hint = error instanceof HostwrightError ? error.hint : undefined;
  return result('failed', messageOf(error), { ...(hint === undefined ? {} : { hint }), ...more });
}

/** The result of anything that was thrown while a task was at work. */
export function fromError(error: unknown): TaskResult {
  if (error instanceof UnknownValue) return result('unknown', error.message);
  const hint = (error as { hint?: string }).hint;
  if (error instanceof Unreachable || error instanceof ConnectionLost) {
    return result('unreachable', error.message, hint === undefined ? {} : { hint });
  }
  if (error instanceof HostwrightError) return failure(error);
  return failure(error, {
    message: `a defect in Hostwright: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`,
  });
}

/** What differed is as it should be now. */
export function doneResult(decision: Change, fields: Readonly<Record<string, unknown>>): TaskResult {
  return changedResult({ ...decision, reason: past(decision.reason) }, fields);
}

/** Check mode: what differs would be changed. */
export function changedResult(decision: Change, fields: Readonly<Record<string, unknown>>): TaskResult {
  return result('changed', decision.reason, {
    changed: true,
    diff: decision.diff,
    pending: decision.pending ?? [],
    fields,
  });
}

/** Check mode: what the task needs is not there yet. */
export function unknownResult(kind: string, name: string): TaskResult {
  return result('unknown', `it needs the ${kind} ${name}, which an earlier task would make`);
}

/** What a register holds of a result. */
export function registered({
  status,
  message,
  changed,
  pending,
  fields,
}: TaskResult): Readonly<Record<string, unknown>> {
  return Object.freeze({
    ...fields,
    msg: message,
    changed,
    failed: status === 'failed',
    skipped: status === 'skipped',
    pending: pending.map(item => ({ ...item })),
  });
}
