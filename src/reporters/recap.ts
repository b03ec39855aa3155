import type { Counts, TaskName } from '../events/event.ts';
import type { Pending } from '../events/result.ts';
import { paint, pendingText, styles } from './format.ts';
import { foldNames } from './host-names.ts';
import { printable } from './printable.ts';
import type { ReporterOptions } from './reporter.ts';

/** What a host came to. */
interface HostLine {
  readonly host: string;
  readonly text: string;
  /** Lines that go below. */
  readonly below: readonly string[];
}

/** Columns for the names of hosts in a recap; more push what follows to the right. */
const widest = 40;

/**
 * Lines of hosts with what they came to.
 * @param fold whether hosts that came to the same share a line
 */
export function hostLines(hosts: readonly HostLine[], fold: boolean): readonly string[] {
  const alike = Map.groupBy(hosts, ({ host, text, below }) => (fold ? [text, ...below].join('\n') : host));
  const rows = [...alike.values()].flatMap(group => {
    const name = printable(foldNames(group.map(({ host }) => host)));
    return group.slice(0, 1).map(({ text, below }) => ({ name, text, below }));
  });
  const width = Math.min(widest, Math.max(0, ...rows.map(({ name }) => name.length)));
  return rows.flatMap(({ name, text, below }) => [
    `${name.padEnd(width)} : ${text}`,
    ...below.map(line => `${' '.repeat(width)}   ${line}`),
  ]);
}

/** What is left of a host: what is pending, and handlers that did not run. */
export function leftLines(pending: readonly Pending[], owed: readonly TaskName[]): readonly string[] {
  const names = owed.map(({ name }) => name).join(', ');
  return [...pending.map(pendingText), ...(owed.length > 0 ? [`handlers that did not run: ${printable(names)}`] : [])];
}

/** What happened first, zeros left out but for the four that people look for. */
export function countsText(counts: Counts, options: Pick<ReporterOptions, 'colors'>): string {
  const always = new Set(['ok', 'changed', 'unreachable', 'failed']);
  return Object.entries(counts)
    .filter(([name, number]) => number > 0 || always.has(name))
    .map(([name, number]) =>
      number > 0 && name !== 'pending'
        ? paint(styles[name] ?? 'cyan', `${name}=${number}`, options)
        : `${name}=${number}`,
    )
    .join('  ');
}
