import type { RunEntry } from '../journal/entry.ts';
import { count, paint, styles } from './format.ts';
import { printable } from './printable.ts';
import type { ReporterOptions } from './reporter.ts';
import { commitText, localTime, statusText, tookText } from './run-words.ts';
import { cutTo, padTo, widthOf } from './text-width.ts';

/** How a list of runs is shown. */
export interface ListOptions extends Pick<ReporterOptions, 'colors'> {
  /** How wide it may be: titles that are too long are cut. */
  readonly columns: number;
}

/** Where in a row the title is, and how wide it is at least. */
const [titleAt, narrowest] = [5, 20];

/** Recorded runs, a line each. */
export function runList(runs: readonly RunEntry[], options: ListOptions): readonly string[] {
  const rows = runs.map(run => cellsOf(run, options));
  const widest = (rows[0] ?? []).map((_, at) => Math.max(...rows.map(row => widthOf(row[at] ?? ''))));
  const others = widest.reduce((sum, width, at) => (at === titleAt ? sum : sum + width + 2), 0);
  const title = Math.max(narrowest, options.columns - others);
  const widths = widest.map((width, at) => (at === titleAt ? Math.min(width, title) : width));
  const fit = (cell: string, at: number) => padTo(widths[at] ?? 0, at === titleAt ? cutTo(title, cell) : cell);
  return rows.map(row => row.map(fit).join('  ').trimEnd());
}

function cellsOf(run: RunEntry, options: ListOptions): readonly string[] {
  return [
    run.id,
    localTime(run.time),
    tookText(run.seconds),
    paint(styles[run.status] ?? 'cyan', statusText(run), options),
    count(Object.keys(run.hosts).length, 'host'),
    printable(run.title),
    commitText(run.commit),
  ];
}
