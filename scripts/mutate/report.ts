import { dirname } from 'node:path';
import type { Mutation } from './mutation.ts';
import type { Verdict } from './try-mutation.ts';

/**
 * A mutation, and what came of it: the tests' verdict, or that it changes nothing anyone could see.
 */
export type Result = { mutation: Mutation; verdict: Verdict | 'equivalent' };

/** How many mutations of a folder, or of all, came to what. */
export type Counts = { mutations: number; noticed: number; missed: number; equivalent: number; percent: number };

/** Whether no test noticed. */
export function isMissed({ verdict }: Result): boolean {
  return verdict !== 'equivalent' && verdict.noticedBy === undefined;
}

/** The counts of these results. The equivalent ones are not part of the percentage. */
export function countsOf(results: Result[]): Counts {
  const equivalent = results.filter(({ verdict }) => verdict === 'equivalent').length;
  const missed = results.filter(isMissed).length;
  const noticed = results.length - equivalent - missed;
  const tried = noticed + missed;
  const percent = tried === 0 ? 100 : Math.floor((100 * noticed) / tried);
  return { mutations: results.length, noticed, missed, equivalent, percent };
}

/** Where a mutation is, and what it changes. */
export function changeText({ after, before, file, kind, line }: Mutation): string {
  return `${file}:${line}: ${kind}\n  - ${before}\n  + ${after}\n`;
}

/** Tells of a mutation that no test noticed. */
export function missedText({ mutation, verdict }: Result): string {
  return `${changeText(mutation)}  ${testsText(verdict)}\n`;
}

function testsText(verdict: Result['verdict']): string {
  if (verdict === 'equivalent' || verdict.of === 0) return 'No test executes it.';
  const { of, ran } = verdict;
  const names = ran.length > 4 ? `${ran.slice(0, 4).join(' ')} and ${ran.length - 4} more` : ran.join(' ');
  return ran.length === of ? `Passed: ${names}` : `Passed, until the time was over (${ran.length} of ${of}): ${names}`;
}

const columns = ['mutations', 'noticed', 'missed', 'equivalent', 'percent'] as const;

/** A table of the counts by folder. */
export function tableText(results: Result[]): string {
  const folders = [...Map.groupBy(results, ({ mutation }) => dirname(mutation.file))];
  const rows = folders
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([folder, own]) => ({ name: folder, counts: countsOf(own) }));
  const all = [...rows, { name: 'all', counts: countsOf(results) }];
  const width = Math.max(...all.map(({ name }) => name.length));
  const head = ['folder'.padEnd(width), ...columns].join('  ');
  const lines = all.map(({ counts, name }) => {
    return [name.padEnd(width), ...columns.map(column => String(counts[column]).padStart(column.length))].join('  ');
  });
  return `${[head, ...lines].join('\n')}\n`;
}

/** All of it, for programs. */
export function reportJson(results: Result[]): string {
  return `${JSON.stringify({ ...countsOf(results), results }, null, 2)}\n`;
}
