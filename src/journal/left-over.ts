import type { LeftOver } from '../run/state/left-over.ts';
import { newestRuns } from './find-runs.ts';
import { type HostSummary, sumUp } from './summary.ts';

/** Runs that are looked through, from the newest on. */
const mostRuns = 50;

/**
 * What earlier runs have left to do on hosts: handlers that were notified and did not run, and
 * reboots that are due. The newest run of a host knows, for a run takes over what others have left.
 */
export async function leftOver(state: string, hosts: readonly string[]): Promise<ReadonlyMap<string, LeftOver>> {
  const open = new Set(hosts);
  const found = new Map<string, LeftOver>();
  let count = 0;
  for await (const { id, check, owed, pending, ...run } of newestRuns(state)) {
    count += 1;
    if (open.size === 0 || count > mostRuns) break;
    // What check mode foresees is not left, and of a run that goes on nothing is.
    if (check || run.status === 'under way') continue;
    const own = Object.keys(run.hosts).filter(host => open.delete(host));
    const left = own.filter(host => owed.includes(host) || pending.includes(host));
    if (left.length === 0) continue;
    const summary = await sumUp(state, id);
    for (const host of left) {
      const known = summary.hosts[host];
      const item = known && leftOn(id, known);
      if (item) found.set(host, item);
    }
  }
  return found;
}

function leftOn(run: string, { owed, pending, boot }: HostSummary): LeftOver | undefined {
  const due = boot === undefined ? [] : pending.filter(({ kind }) => kind === 'reboot');
  if (owed.length + due.length === 0) return undefined;
  return { run, owed, due, ...(boot === undefined ? {} : { boot }) };
}
