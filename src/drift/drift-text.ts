import { diffText } from '../reporters/diff-text.ts';
import { firstLine, linesOf, rest, taskTitle, withReason } from '../reporters/format.ts';
import { foldNames } from '../reporters/host-names.ts';
import type { Trouble } from '../reporters/outcome.ts';
import { printable } from '../reporters/printable.ts';
import type { Cause, Past } from './memory.ts';
import type { DriftReport } from './report.ts';
import type { Row } from './rows.ts';

/** The report for people, with what differs if that is wanted. */
export function driftText(report: DriftReport, withDiff: boolean): string {
  const { deviations, accepted, unknown, troubles } = report;
  const lines = [
    ...section(
      'DRIFT',
      deviations.flatMap(row => rowLines(row, withDiff)),
    ),
    ...section('ACCEPTED', accepted.flatMap(acceptedLines)),
    ...section('UNKNOWN: check mode cannot tell', unknown.flatMap(unknownLines)),
    ...section('TROUBLE', troubles.flatMap(troubleLines)),
    ...headOf(report),
  ];
  return lines.map(line => `${line}\n`).join('');
}

/** What an entry of drift.yml that accepts nothing is told as. */
export function unusedText({ unused }: DriftReport): string {
  return unused
    .map(({ at, reason }) => `${at.file}:${at.line}:${at.column}: nothing that deviates is accepted by this: ${reason}`)
    .map(line => `${printable(line)}\n`)
    .join('');
}

function section(head: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [head, ...lines.map(line => `  ${line}`), ''];
}

function rowLines(row: Row, withDiff: boolean): readonly string[] {
  const diff = withDiff ? diffText(row.diff).trimEnd() : '';
  return [headLine(row), ...below([`${sinceText(row)}; ${causeText(row.cause)}`, ...linesOf(diff)])];
}

function acceptedLines(row: Row): readonly string[] {
  const { until, reason, at } = row.accepted ?? { until: '', reason: '', at: { file: '', line: 0 } };
  return [headLine(row), ...below([printable(`until ${until}: ${reason} (${at.file}:${at.line})`)])];
}

function unknownLines(row: Row): readonly string[] {
  return [headLine(row), ...(row.cause.kind === 'never-converges' ? below([causeText(row.cause)]) : [])];
}

/** `hv[1-3]: sshd: Write the settings, /etc/ssh/sshd_config — the content differs` */
function headLine({ hosts, task, item, subject, message }: Row): string {
  const what = `${taskTitle(task, item)}${subject === undefined ? '' : `, ${printable(subject)}`}`;
  return `${printable(foldNames(hosts))}: ${withReason(what, message)}`;
}

function sinceText({ isNew, since: { run, time, runs } }: Past): string {
  if (isNew) return 'new';
  return printable(
    `since ${time.slice(0, 16).replace('T', ' ')} UTC (${run === undefined ? '' : `${run}, `}${runs} runs)`,
  );
}

function causeText(cause: Cause): string {
  switch (cause.kind) {
    case 'not-ours':
      return `not ours, since between ${cause.after} and ${cause.before ?? 'this run'}`;
    case 'inputs':
      return `the playbook, its variables or the inventory changed after ${cause.after}`;
    case 'never-converges':
      return `never converges: the last runs all changed it (${cause.runs.join(', ')})`;
    case 'never-applied':
      return 'no recorded run has left it as stated';
  }
}

function troubleLines({ status, hosts, title, message, hint }: Trouble): readonly string[] {
  const names = printable(foldNames(hosts));
  const why = title === undefined ? withReason('', message) : `— ${title}: ${firstLine(message)}`;
  return [`${status}: ${names} ${why}`, ...below([...linesOf(rest(message)).slice(0, 5), ...linesOf(hint ?? '')])];
}

function below(lines: readonly string[]): readonly string[] {
  return lines.map(line => `    ${line}`);
}

/** The last line: how many hosts are as stated, and how many are not. */
function headOf({ hosts, hasEarlier, ...found }: DriftReport): readonly string[] {
  const hostsIn = (rows: readonly { readonly hosts: readonly string[] }[]) =>
    new Set(rows.flatMap(({ hosts: own }) => own));
  const counts = {
    deviating: hostsIn(found.deviations),
    new: hostsIn(found.deviations.filter(({ isNew }) => isNew)),
    accepted: hostsIn(found.accepted),
    unknown: hostsIn(found.unknown),
    'failed or unreachable': hostsIn(found.troubles),
  };
  const others = new Set([
    ...counts.deviating,
    ...counts.accepted,
    ...counts.unknown,
    ...counts['failed or unreachable'],
  ]);
  const told = Object.entries(counts).flatMap(([word, { size }]) => (size === 0 ? [] : [`${size} ${word}`]));
  const line = [`${hosts.filter(host => !others.has(host)).length} as stated`, ...told].join(', ');
  const first = hasEarlier ? [] : ['No earlier run of these playbooks in check mode is recorded: all of it is new.'];
  return [`${hosts.length} host${hosts.length === 1 ? '' : 's'}: ${line}`, ...first];
}
