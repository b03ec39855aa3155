import { exitCodes } from '../errors.ts';
import type { Counts, NumberedEvent } from '../events/event.ts';
import { firstLine, indented, linesOf, paint, pendingText, rest, styles, withReason } from './format.ts';
import { foldNames, limitOf } from './host-names.ts';
import type { Outcome, Trouble } from './outcome.ts';
import { printable } from './printable.ts';
import type { ReporterOptions } from './reporter.ts';

type RunFinished = Extract<NumberedEvent, { type: 'run.finished' }>;

export interface EndingOptions extends ReporterOptions {
  /** Whether hosts that came to the same share a line. */
  readonly fold: boolean;
}

/** The end of a run, as lines without their newlines. */
export interface Ending {
  /** What each host came to, and the failures again with their hosts. */
  readonly recap: readonly string[];
  /** What to do about failures: to be copied, so no line may be broken. */
  readonly next: readonly string[];
  /** That the run was interrupted, or in check mode. */
  readonly last: readonly string[];
}

/** What is told at the end of a run. */
export function endingOf(outcome: Outcome, { seconds, exitCode }: RunFinished, options: EndingOptions): Ending {
  const head = `${paint('bold', 'RECAP', options)} (${options.check ? 'check mode, ' : ''}${seconds.toFixed(1)} s)`;
  const all = outcome.finished().length;
  // A run of one host has just told its own failure.
  const troubles = all < 2 ? [] : outcome.troubles();
  return {
    recap: [head, ...recapLines(outcome, options), ...troubles.flatMap(trouble => troubleLines(trouble, all, options))],
    next: troubles.length === 0 ? [] : [nextLine(outcome, troubles)],
    last: [
      ...(exitCode === exitCodes.interrupted ? [paint('red', interrupted, options)] : []),
      ...(options.check ? [paint('bold', checkEnd(outcome), options)] : []),
    ],
  };
}

/** The first line of a run in check mode. */
export const checkBegin = 'CHECK MODE: this run changes nothing';

/** The last line of a run in check mode. */
function checkEnd(outcome: Outcome): string {
  const wouldChange = outcome.finished().some(({ counts }) => counts.changed > 0);
  return `CHECK MODE: nothing was changed${wouldChange ? '; run without --check to make these changes' : ''}`;
}

const interrupted = 'INTERRUPTED: tasks are left that were not begun; run the same command again';

interface RecapRow {
  readonly hosts: string[];
  readonly text: string;
  readonly below: readonly string[];
}

function recapLines(outcome: Outcome, options: EndingOptions): readonly string[] {
  const rows = new Map<string, RecapRow>();
  for (const finished of outcome.finished()) {
    const { host, pending, owed } = finished;
    const text = outcome.isNotStarted(finished) ? 'not started' : countsText(finished.counts, options);
    const below = [
      ...pending.map(pendingText),
      ...(owed.length > 0 ? [`handlers that did not run: ${printable(owed.map(({ name }) => name).join(', '))}`] : []),
    ];
    const key = options.fold ? [text, ...below].join('\n') : host;
    const row = rows.get(key);
    if (row) row.hosts.push(host);
    else rows.set(key, { hosts: [host], text, below });
  }
  const named = [...rows.values()].map(row => ({ ...row, name: printable(foldNames(row.hosts)) }));
  const width = Math.min(widest, Math.max(0, ...named.map(({ name }) => name.length)));
  return named.flatMap(({ name, text, below }) => [
    `${name.padEnd(width)} : ${text}`,
    ...below.map(line => `${' '.repeat(width)}   ${line}`),
  ]);
}

/** Columns for the names of hosts in a recap; more push what follows to the right. */
const widest = 40;

/** What happened first, zeros left out but for the four that people look for. */
function countsText(counts: Counts, options: EndingOptions): string {
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

/**
 * The hosts that failed, and those that were not started because of them, as a pattern for another
 * run.
 */
function nextLine(outcome: Outcome, troubles: readonly Trouble[]): string {
  const hit = new Set(troubles.flatMap(({ hosts }) => hosts));
  const again = outcome.finished().filter(finished => hit.has(finished.host) || outcome.isNotStarted(finished));
  if (again.length === outcome.finished().length) return 'Next: run the same command again';
  return `Next: run the same command with -l ${printable(limitOf(again.map(({ host }) => host)))}`;
}

/** Lines of a reason that a recap repeats. */
const mostReasons = 5;

/** A failure once more, once for all of its hosts. */
function troubleLines(trouble: Trouble, all: number, options: EndingOptions): readonly string[] {
  const { status, hosts, title, message, hint, at } = trouble;
  const head = paint('red', `${status} on ${hosts.length} of ${all}`, options);
  const names = printable(foldNames(hosts));
  const why = title === undefined ? withReason('', message) : `— ${title}: ${firstLine(message)}`;
  return [
    `${head}: ${names} ${why}`,
    ...indented([
      ...linesOf(rest(message)).slice(0, mostReasons),
      ...linesOf(hint ?? ''),
      ...(at === undefined ? [] : [`at ${printable(at)}`]),
    ]),
  ];
}
