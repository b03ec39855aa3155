import type { Commit } from '../events/run-start.ts';
import type { Condition } from './read.ts';
import type { HostSummary, RunStatus, RunSummary } from './summary.ts';

/** What a host came to in a run, in a word: the worst that happened to it. */
export type HostOutcome = 'failed' | 'unreachable' | 'lost' | 'unfinished' | 'changed' | 'ok';

/** A run as a list of runs has it: what it is found by, and what its line says. */
export interface RunEntry extends Condition {
  readonly id: string;
  /** When it began: ISO 8601, UTC. */
  readonly time: string;
  readonly seconds: number;
  readonly status: RunStatus;
  readonly exitCode?: number;
  /** Whether it was in check mode. */
  readonly check: boolean;
  readonly title: string;
  readonly operator: string;
  readonly controller: string;
  readonly commit?: Commit;
  /** The run that it continued. */
  readonly resumes?: string;
  readonly hosts: Readonly<Record<string, HostOutcome>>;
  /** Hosts on which something was pending at its end. */
  readonly pending: readonly string[];
  /** Hosts with handlers that were notified and did not run. */
  readonly owed: readonly string[];
  readonly roles: readonly string[];
  readonly modules: readonly string[];
}

/** Makes the entry of a run. */
export function entryOf({ start, hosts, ...run }: RunSummary): RunEntry {
  const { id, time, seconds, status, exitCode, cut, edited, roles, modules } = run;
  const { check, title, origin, resumes } = start;
  const { operator, controller, commit } = origin;
  const named = Object.entries(hosts);
  return Object.freeze({
    id,
    time,
    seconds,
    status,
    ...(exitCode !== undefined && { exitCode }),
    check,
    title,
    operator,
    controller,
    ...(commit && { commit }),
    ...(resumes !== undefined && { resumes }),
    hosts: Object.fromEntries(named.map(([name, host]) => [name, outcomeOf(host)])),
    pending: named.flatMap(([name, { pending }]) => (pending.length > 0 ? [name] : [])),
    owed: named.flatMap(([name, { owed }]) => (owed.length > 0 ? [name] : [])),
    roles,
    modules,
    cut,
    edited,
  });
}

function outcomeOf({ counts, unfinished }: HostSummary): HostOutcome {
  if (counts.failed > 0) return 'failed';
  if (counts.unreachable > 0) return 'unreachable';
  if (counts.lost > 0) return 'lost';
  if (unfinished) return 'unfinished';
  return counts.changed > 0 ? 'changed' : 'ok';
}
