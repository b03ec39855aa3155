import type { Counts, NumberedEvent } from '../events/event.ts';
import { firstLine, indented, linesOf, paint, pendingText, styles, withReason } from './format.ts';
import { foldNames, limitOf } from './host-names.ts';
import type { HostFinished, Outcome, Trouble } from './outcome.ts';
import { printable } from './printable.ts';
import type { ReporterOptions } from './reporter.ts';

type RunFinished = Extract<NumberedEvent, { type: 'run.finished' }>;

export interface EndingOptions extends ReporterOptions {
  /** Whether hosts that came to the same share a line. */
  readonly fold: boolean;
}

/** The end of a run: what each host came to, the failures again with their hosts, and what to do next. */
export function endingText(outcome: Outcome, { seconds }: RunFinished, options: EndingOptions): string {
  const lines = [
    `${paint('bold', 'RECAP', options)} (${options.check ? 'check mode, ' : ''}${seconds.toFixed(1)} s)`,
    ...recapLines(outcome, options),
    ...troubleText(outcome, options),
    ...(options.check ? [paint('bold', checkEnd, options)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** The first line of a run in check mode. */
export const checkBegin = 'CHECK MODE: this run changes nothing';
const checkEnd = 'CHECK MODE: nothing was changed; run without --check to make these changes';

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
      ...(owed.length > 0 ? [`handlers that did not run: ${printable(owed.join(', '))}`] : []),
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

/** The failures again, each once; a run of one host has just told its own. */
function troubleText(outcome: Outcome, options: EndingOptions): readonly string[] {
  const all = outcome.finished().map(({ host }: HostFinished) => host);
  const troubles = outcome.troubles();
  if (all.length < 2 || troubles.length === 0) return [];
  const hit = new Set(troubles.flatMap(({ hosts }) => hosts));
  const unfinished = outcome.finished().filter(host => hit.has(host.host) || outcome.isNotStarted(host));
  return [
    ...troubles.flatMap(trouble => oneTrouble(trouble, all.length, options)),
    `Next: run the same command with -l ${printable(limitOf(unfinished.map(({ host }) => host)))}`,
  ];
}

function oneTrouble(trouble: Trouble, all: number, options: EndingOptions): readonly string[] {
  const { status, hosts, title, message, hint, at } = trouble;
  const head = paint('red', `${status} on ${hosts.length} of ${all}`, options);
  const names = printable(foldNames(hosts));
  const why = title === undefined ? withReason('', message) : `— ${title}: ${firstLine(message)}`;
  return [
    `${head}: ${names} ${why}`,
    ...indented([...linesOf(hint ?? ''), ...(at === undefined ? [] : [`at ${printable(at)}`])]),
  ];
}
