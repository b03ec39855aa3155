import { certain } from '../errors.ts';
import { withoutHost } from '../reporters/host-names.ts';
import { acceptedBy } from './accept.ts';
import { type Deviation, deviationKey } from './deviation.ts';
import type { Entry } from './drift-file.ts';
import type { Past } from './memory.ts';

/** A deviation with all hosts that have it alike. */
export interface Row extends Omit<Deviation, 'host'>, Past {
  readonly hosts: readonly string[];
  /** The entry of drift.yml that accepts it. */
  readonly accepted?: Pick<Entry, 'until' | 'reason' | 'at'>;
}

/** What {@link rowsOf} holds deviations against. */
export interface Known {
  /** By {@link deviationKey}. */
  readonly pasts: ReadonlyMap<string, Past>;
  readonly entries: readonly Entry[];
}

/** One row for each distinct deviation, also where texts differ in nothing but the host's name. */
export function rowsOf(deviations: readonly Deviation[], { pasts, entries }: Known): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const deviation of deviations) {
    const { host, ...about } = deviation;
    const past = certain(pasts.get(deviationKey(deviation)), 'the past of a deviation');
    const entry = acceptedBy(deviation, entries);
    const accepted = entry && { until: entry.until, reason: entry.reason, at: entry.at };
    const row: Row = { ...about, ...past, ...(accepted && { accepted }), hosts: [host] };
    const key = kindOf(row, host);
    const known = rows.get(key);
    rows.set(key, known ? { ...known, hosts: [...new Set([...known.hosts, host])] } : row);
  }
  return [...rows.values()];
}

/** The same for rows that are told as one. */
function kindOf({ task, hosts: _, ...row }: Row, host: string): string {
  const { role, name, module } = task;
  return withoutHost(JSON.stringify({ ...row, role, name, module }), host);
}
