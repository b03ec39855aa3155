import type { HostOutcome, RunEntry } from '../journal/entry.ts';
import { newestRuns } from '../journal/find-runs.ts';

/** Hosts that are not what they were in the last run. */
export interface Turned {
  /** Those that went bad, each with what happened. */
  readonly bad: readonly { readonly host: string; readonly status: Bad }[];
  readonly recovered: readonly string[];
}

type Bad = 'failed' | 'unreachable' | 'lost';

/** Earlier runs that are asked for a host at most. */
const mostRuns = 20;

/**
 * Compares each host of a run with the last one of the same title, in check mode or not as this
 * one, that came to an end on it. A host without an earlier run counts as one that was well.
 * @throws HostwrightError `journal.foreign`
 */
export async function turnedIn(state: string, now: RunEntry): Promise<Turned> {
  const here = Object.entries(now.hosts).flatMap(([host, outcome]) => {
    const status = statusOf(outcome);
    return status === undefined ? [] : [{ host, status }];
  });
  const before = await lastStatuses(state, now, new Set(here.map(({ host }) => host)));
  const wasBad = (host: string) => (before.get(host) ?? 'well') !== 'well';
  return {
    bad: here.flatMap(({ host, status }) => (status === 'well' || wasBad(host) ? [] : [{ host, status }])),
    recovered: here.filter(({ host, status }) => status === 'well' && wasBad(host)).map(({ host }) => host),
  };
}

async function lastStatuses(
  state: string,
  { id, title, check }: RunEntry,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Bad | 'well'>> {
  const found = new Map<string, Bad | 'well'>();
  let asked = 0;
  for await (const run of newestRuns(state)) {
    if (found.size === wanted.size || asked === mostRuns) break;
    if (run.id >= id || run.title !== title || run.check !== check) continue;
    asked += 1;
    for (const [host, outcome] of Object.entries(run.hosts)) {
      const status = wanted.has(host) && !found.has(host) ? statusOf(outcome) : undefined;
      if (status !== undefined) found.set(host, status);
    }
  }
  return found;
}

/** Undefined where the run did not come to an end on the host, which says nothing of it. */
function statusOf(outcome: HostOutcome): Bad | 'well' | undefined {
  if (outcome === 'unfinished') return undefined;
  return outcome === 'ok' || outcome === 'changed' ? 'well' : outcome;
}
