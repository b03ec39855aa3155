import type { Deviation } from './deviation.ts';
import type { Entry } from './drift-file.ts';

/** The first entry that accepts a deviation. */
export function acceptedBy(deviation: Deviation, entries: readonly Entry[]): Entry | undefined {
  return entries.find(entry => accepts(entry, deviation));
}

/** The entries that accept none of these deviations. */
export function unusedEntries(entries: readonly Entry[], deviations: readonly Deviation[]): readonly Entry[] {
  return entries.filter(entry => !deviations.some(deviation => accepts(entry, deviation)));
}

function accepts(entry: Entry, { host, task, subject }: Deviation): boolean {
  return (
    (entry.hosts?.has(host) ?? true) &&
    isOrAny(entry.role, task.role) &&
    isOrAny(entry.task, task.name) &&
    isOrAny(entry.module, task.module) &&
    isOrAny(entry.subject, subject)
  );
}

function isOrAny(wanted: string | undefined, found: string | undefined): boolean {
  return wanted === undefined || wanted === found;
}
