import { UnusableRun } from '../journal/errors.ts';
import { runIds } from '../journal/folder.ts';
import { startOf } from '../journal/start.ts';
import { type HostSummary, type RunSummary, sumUp } from '../journal/summary.ts';

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
export async function turnedIn(state: string, now: RunSummary): Promise<Turned> {
  const here = Object.entries(now.hosts).flatMap(([host, summary]) => {
    const status = statusOf(summary);
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
  { id, start }: RunSummary,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Bad | 'well'>> {
  const found = new Map<string, Bad | 'well'>();
  const earlier = runIds(state)
    .filter(run => run < id)
    .toReversed();
  let asked = 0;
  for (const run of earlier) {
    if (found.size === wanted.size || asked === mostRuns) break;
    const began = startOf(state, run);
    if (began?.title !== start.title || began.check !== start.check) continue;
    asked += 1;
    for (const [host, summary] of Object.entries(await hostsOf(state, run))) {
      const status = wanted.has(host) && !found.has(host) ? statusOf(summary) : undefined;
      if (status !== undefined) found.set(host, status);
    }
  }
  return found;
}

async function hostsOf(state: string, run: string): Promise<RunSummary['hosts']> {
  try {
    return (await sumUp(state, run)).hosts;
  } catch (error) {
    if (error instanceof UnusableRun) return {};
    throw error;
  }
}

/** Undefined where the run did not come to an end on the host, which says nothing of it. */
function statusOf({ counts, unfinished }: HostSummary): Bad | 'well' | undefined {
  const bad = (['failed', 'lost', 'unreachable'] as const).find(status => counts[status] > 0);
  return bad ?? (unfinished ? undefined : 'well');
}
