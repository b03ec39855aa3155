import { foldNames } from '../../reporters/host-names.ts';
import { printable } from '../../reporters/printable.ts';
import type { LeftOver } from '../../run/state/left-over.ts';

/** What earlier runs have left to do on hosts, a line for each thing and all of its hosts. */
export function leftOverLines(left: ReadonlyMap<string, LeftOver>): readonly string[] {
  const lines = new Map<string, string[]>();
  for (const [host, { run, owed, due }] of left) {
    const told = [
      ...owed.map(({ name }) => `the handler "${name}", which the run ${run} has left, runs where this run has it`),
      ...due.map(({ reason }) => `a reboot has been due since the run ${run}: ${reason}`),
    ];
    for (const line of told) lines.set(line, [...(lines.get(line) ?? []), host]);
  }
  return [...lines].map(([line, hosts]) => printable(`${foldNames(hosts)}: ${line}`));
}
