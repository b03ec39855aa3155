import { exitCodes } from '../errors.ts';
import type { Counts, RunEvent, TaskResult } from './event.ts';
import type { Pending } from './result.ts';

/** What the counts of one host rest on. */
export interface Tally {
  readonly counts: Counts;
  /** The conditions that are pending on the host, by kind and subject. */
  readonly pending: ReadonlyMap<string, Pending>;
}

export const emptyCounts: Counts = Object.freeze({
  ok: 0,
  changed: 0,
  unreachable: 0,
  failed: 0,
  skipped: 0,
  rescued: 0,
  ignored: 0,
  unknown: 0,
  lost: 0,
  pending: 0,
});

export const emptyTally: Tally = Object.freeze({ counts: emptyCounts, pending: new Map() });

/** Counts one event of a host: the only place that counts results. */
export function reduceTally(tally: Tally, event: RunEvent): Tally {
  switch (event.type) {
    case 'task.finished':
      return { ...tally, counts: countResult(tally.counts, event.result) };
    case 'task.rescued':
      return { ...tally, counts: add(tally.counts, { rescued: 1, failed: -event.failures }) };
    case 'host.unreachable':
      return { ...tally, counts: add(tally.counts, { unreachable: 1 }) };
    case 'host.failed':
      return { ...tally, counts: add(tally.counts, { failed: 1 }) };
    case 'host.finished':
      return {
        pending: new Map(event.pending.map(item => [`${item.kind} ${item.subject ?? ''}`, item])),
        counts: event.counts,
      };
    default:
      return tally;
  }
}

function countResult(counts: Counts, { status, changed, ignored }: TaskResult): Counts {
  if (status === 'failed')
    return add(
      counts,
      ignored ? { ok: 1, ignored: 1, changed: changed ? 1 : 0 } : { failed: 1, changed: changed ? 1 : 0 },
    );
  if (status === 'unreachable') return ignored ? add(counts, { ignored: 1 }) : counts;
  if (status === 'changed') return add(counts, { ok: 1, changed: 1 });
  return add(counts, { [status]: 1 });
}

function add(counts: Counts, more: Partial<Counts>): Counts {
  const entries = Object.entries(more).map(([key, value]) => [key, counts[key as keyof Counts] + (value ?? 0)]);
  return { ...counts, ...Object.fromEntries(entries) };
}

/**
 * The exit code of a run from the counts of its hosts. `detailed`: a change, or what
 * check mode cannot tell, has a code of its own.
 */
export function exitCodeOf(hosts: readonly Counts[], detailed: boolean): number {
  const failed = hosts.some(counts => counts.failed > 0) ? exitCodes.failed : 0;
  const unreachable = hosts.some(counts => counts.unreachable > 0 || counts.lost > 0) ? exitCodes.unreachable : 0;
  if (failed + unreachable > 0) return failed + unreachable;
  const mayDiffer = hosts.some(({ changed, unknown }) => changed + unknown > 0);
  return detailed && mayDiffer ? exitCodes.changed : exitCodes.done;
}
