import { exitCodes } from '../errors.ts';
import type { Outcome, Trouble } from '../reporters/outcome.ts';
import { unusedEntries } from './accept.ts';
import type { Entry } from './drift-file.ts';
import type { Look } from './look.ts';
import { type Known, type Row, rowsOf } from './rows.ts';

/** What a drift run has found, for people and for programs. */
export interface DriftReport {
  /** Absent where the run was not recorded. */
  readonly run?: string;
  readonly title: string;
  /** Whether an earlier run is recorded that this one can be compared with. */
  readonly hasEarlier: boolean;
  readonly hosts: readonly string[];
  readonly deviations: readonly Row[];
  /** Those that drift.yml accepts. */
  readonly accepted: readonly Row[];
  /** What check mode cannot tell. */
  readonly unknown: readonly Row[];
  /** Failed and unreachable hosts. */
  readonly troubles: readonly Trouble[];
  /** Entries of drift.yml that accept nothing. */
  readonly unused: readonly Entry[];
}

interface Found extends Known {
  readonly look: Look;
  readonly outcome: Outcome;
  readonly hasEarlier: boolean;
}

/** Puts together what was seen and what is known of it. */
export function reportOf({ look, outcome, hasEarlier, ...known }: Found): DriftReport {
  const rows = rowsOf(look.deviations, known);
  const { run, title = '', hosts = [] } = look.start ?? {};
  return Object.freeze({
    ...(run === undefined ? {} : { run }),
    title,
    hasEarlier,
    hosts,
    deviations: rows.filter(({ accepted }) => !accepted).toSorted(newestFirst),
    accepted: rows.filter(({ accepted }) => accepted),
    unknown: rowsOf(look.unknown, { ...known, entries: [] }),
    troubles: outcome.troubles(),
    unused: unusedEntries(known.entries, look.deviations),
  });
}

function newestFirst(one: Row, other: Row): number {
  return other.since.time.localeCompare(one.since.time);
}

/** The exit code of a drift run whose run in check mode ended with another. */
export function exitCodeOf(ofRun: number, { deviations }: DriftReport): number {
  return ofRun === exitCodes.done && deviations.length > 0 ? exitCodes.changed : ofRun;
}

/** The report as a line of JSON. */
export function reportJson(report: DriftReport, exitCode: number): string {
  const unused = report.unused.map(({ at, reason }) => ({ at, reason }));
  return `${JSON.stringify({ version: 1, ...report, unused, exitCode })}
`;
}
