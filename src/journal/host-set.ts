import type { HostSummary, RunSummary } from './summary.ts';

/** What a host set asks of each host of a run, by its word. */
const states: Readonly<Record<string, (host: HostSummary) => boolean>> = {
  all: () => true,
  ok: ({ counts, unfinished }) => !unfinished && counts.changed === 0 && !isBad(counts),
  changed: ({ counts }) => counts.changed > 0,
  failed: ({ counts }) => counts.failed > 0,
  unreachable: ({ counts }) => counts.unreachable > 0,
  lost: ({ counts }) => counts.lost > 0,
  unfinished: ({ counts, unfinished }) => unfinished || isBad(counts),
  unknown: ({ counts }) => counts.unknown > 0,
  pending: ({ pending }) => pending.length > 0,
  owed: ({ owed }) => owed.length > 0,
};

/** The words for states of hosts, as `@RUN:STATE` has them. */
export const hostStates: readonly string[] = Object.keys(states);

/**
 * The hosts of a run in a state: one of {@link hostStates}, or `pending=reboot` for one kind of
 * what is pending; undefined where the state is not one of these.
 */
export function hostsIn({ hosts }: RunSummary, state: string): readonly string[] | undefined {
  const [, kind] = /^pending=(.+)$/.exec(state) ?? [];
  const isIn =
    kind === undefined ? states[state] : ({ pending }: HostSummary) => pending.some(each => each.kind === kind);
  if (!isIn) return undefined;
  return Object.entries(hosts).flatMap(([name, host]) => (isIn(host) ? [name] : []));
}

function isBad({ failed, unreachable, lost }: HostSummary['counts']): boolean {
  return failed + unreachable + lost > 0;
}
