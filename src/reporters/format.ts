import { styleText } from 'node:util';
import type { Counts, NumberedEvent, TaskName, TaskResult } from '../events/event.ts';
import type { Pending } from '../events/result.ts';
import { diffText } from './diff-text.ts';
import { printable } from './printable.ts';
import type { ReporterOptions } from './reporter.ts';

type Style = Parameters<typeof styleText>[0];

const styles: Readonly<Record<TaskResult['status'], Style>> = {
  ok: 'green',
  changed: 'yellow',
  skipped: 'cyan',
  failed: 'red',
  unknown: 'magenta',
  unreachable: 'red',
  lost: 'red',
};

/** Text in a style, where colours are wanted. */
export function paint(style: Style, text: string, { colors }: Pick<ReporterOptions, 'colors'>): string {
  return colors ? styleText(style, text, { validateStream: false }) : text;
}

/** One result as a line: `hv1  changed  lvm-pool: Make the volume group (it does not exist)`, with its diff and hint below. */
export function resultLines(
  host: string,
  task: TaskName,
  result: TaskResult,
  options: ReporterOptions,
  item?: string,
): string {
  const { status, message, hint, ignored } = result;
  const word = paint(styles[status], (ignored ? 'ignored' : status).padEnd(8), options);
  const of = task.role === undefined ? '' : `${task.role}: `;
  const which = item === undefined ? '' : ` [${printable(item)}]`;
  const kind = task.handler ? 'handler ' : '';
  const head = `${printable(host)}  ${word} ${kind}${printable(of + task.name)}${which}`;
  const lines = [message === '' ? head : `${head} — ${firstLine(message)}`];
  if (isTrouble(status) || options.verbosity > 0 || result.fields.shown === true)
    lines.push(...indented(rest(message)));
  if (hint !== undefined && isTrouble(status)) lines.push(...indented(hint));
  if (isTrouble(status)) lines.push(...indented(`at ${task.at}`));
  for (const item of result.pending) lines.push(...indented(pendingText(item)));
  if (options.verbosity > 0) lines.push(...outputLines(result));
  const diff = options.diff ? diffText(result.diff) : '';
  if (diff)
    lines.push(
      ...diff
        .trimEnd()
        .split('\n')
        .map(line => paintDiff(line, options)),
    );
  return `${lines.join('\n')}\n`;
}

/** A host that failed or could not be reached outside any task: what is wrong, and what to do. */
export function troubleLines(
  host: string,
  status: 'failed' | 'unreachable',
  { message, hint }: { readonly message: string; readonly hint?: string },
  options: ReporterOptions,
): string {
  const head = `${printable(host)}  ${paint(styles[status], status, options)} — ${firstLine(message)}`;
  return `${[head, ...indented(rest(message)), ...indented(hint ?? '')].join('\n')}\n`;
}

/** What is told between tasks: batches, further attempts, hosts that others stop. Undefined for all other events. */
export function betweenLines(event: NumberedEvent, options: ReporterOptions): string | undefined {
  switch (event.type) {
    case 'batch.started':
      return `${paint('bold', `BATCH ${event.batch} of ${event.of}`, options)}: ${printable(event.hosts.join(', '))}\n`;
    case 'task.retrying': {
      const { host, task, attempt, of } = event;
      const head = `${printable(host)}  ${paint('cyan', 'again'.padEnd(8), options)} ${printable(task.name)}`;
      return `${head} — attempt ${attempt} of ${of} was not enough\n`;
    }
    case 'host.stopped':
      return `${printable(event.host)}  ${paint('cyan', 'stopped'.padEnd(8), options)} — ${firstLine(event.reason)}\n`;
    default:
      return undefined;
  }
}

/** What a command printed, for `-v` and failures. */
function outputLines({ fields }: TaskResult): readonly string[] {
  return ['stdout', 'stderr'].flatMap(name => {
    const text = fields[name];
    return typeof text === 'string' && text.trim() !== '' ? indented(`${name}: ${text.trimEnd()}`) : [];
  });
}

/** A condition that stands, as one line. */
export function pendingText({ kind, subject, reason }: Pending): string {
  return printable(`pending ${kind}${subject === undefined ? '' : ` of ${subject}`}: ${reason}`);
}

/** The line of a host in the recap: what happened first, zeros left out but for the four that people look for. */
export function recapLine(host: string, counts: Counts, width: number, options: ReporterOptions): string {
  const always = new Set(['ok', 'changed', 'unreachable', 'failed']);
  const words = Object.entries(counts)
    .filter(([name, count]) => count > 0 || always.has(name))
    .map(([name, count]) =>
      count > 0 && name !== 'pending'
        ? paint(styles[name as TaskResult['status']] ?? 'cyan', `${name}=${count}`, options)
        : `${name}=${count}`,
    );
  return `${printable(host).padEnd(width)} : ${words.join('  ')}`;
}

/** The recap of a run: a line a host, and what is pending or owed below. */
export function recap(
  finished: readonly Extract<NumberedEvent, { type: 'host.finished' }>[],
  options: ReporterOptions,
): string {
  const width = Math.max(0, ...finished.map(({ host }) => host.length));
  const lines = finished.flatMap(({ host, counts, pending, owed }) => [
    recapLine(host, counts, width, options),
    ...pending.map(item => `${' '.repeat(width)}   ${pendingText(item)}`),
    ...(owed.length > 0 ? [`${' '.repeat(width)}   handlers that did not run: ${printable(owed.join(', '))}`] : []),
  ]);
  return `${lines.join('\n')}\n`;
}

/** Whether a result is one that somebody must look at. */
export function isTrouble(status: TaskResult['status']): boolean {
  return status === 'failed' || status === 'unreachable' || status === 'lost';
}

function firstLine(text: string): string {
  return printable(text.split('\n', 1)[0]!);
}

function rest(text: string): string {
  return text.split('\n').slice(1).join('\n');
}

function indented(text: string): readonly string[] {
  return text === '' ? [] : text.split('\n').map(line => `      ${printable(line)}`);
}

function paintDiff(line: string, options: ReporterOptions): string {
  const shown = `      ${printable(line)}`;
  if (line.startsWith('+')) return paint('green', shown, options);
  return line.startsWith('-') ? paint('red', shown, options) : shown;
}
