import { styleText } from 'node:util';
import type { TaskName, TaskResult } from '../events/event.ts';
import type { Pending } from '../events/result.ts';
import { diffText } from './diff-text.ts';
import { printable } from './printable.ts';
import type { ReporterOptions } from './reporter.ts';

type Style = Parameters<typeof styleText>[0];

/** How a status, or a word of ours for what happened, looks. */
export const styles: Readonly<Record<string, Style>> = {
  ok: 'green',
  changed: 'yellow',
  'would change': 'yellow',
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

/** What happened to a task, or in check mode would have, in a word. */
export function wordOf({ status, ignored }: TaskResult, { check }: Pick<ReporterOptions, 'check'>): string {
  if (ignored) return 'ignored';
  return check && status === 'changed' ? 'would change' : status;
}

/** Columns for the word of what happened. */
export function wordWidth({ check }: Pick<ReporterOptions, 'check'>): number {
  return check ? 'would change'.length : 'changed '.length;
}

/** A task as people read it: `lvm-pool: Make the volume group`. */
export function taskTitle(task: TaskName, item?: string): string {
  const of = task.role === undefined ? '' : `${task.role}: `;
  const which = item === undefined ? '' : ` [${printable(item)}]`;
  return `${task.handler ? 'handler ' : ''}${printable(of + task.name)}${which}`;
}

/** A text and the first line of why: `Make the volume group — it does not exist`. */
export function withReason(text: string, message: string): string {
  return message === '' ? text : `${text}${text === '' ? '' : ' '}— ${firstLine(message)}`;
}

/**
 * What stands below the line of a result, printable and not yet indented: the rest of a failure's
 * message, its hint and place, what is pending.
 */
export function detailsOf({ at }: TaskName, { status, message, hint, pending }: TaskResult): readonly string[] {
  const trouble = isTrouble(status) ? [...linesOf(rest(message)), ...linesOf(hint ?? ''), `at ${printable(at)}`] : [];
  return [...trouble, ...pending.map(pendingText)];
}

/**
 * Lines below the details that are shown as they are: what debug says, what a command printed or a
 * module found, and the diff, painted.
 */
export function verbatimOf(task: TaskName, result: TaskResult, options: ReporterOptions): readonly string[] {
  const { status, message, fields } = result;
  const isShown = !isTrouble(status) && (options.verbosity > 0 || fields.shown === true);
  return [
    ...(isShown ? linesOf(rest(message)) : []),
    ...(options.verbosity > 0 ? outputLines(result) : []),
    ...foundLines(task, result, options),
    ...diffLines(result, options),
  ];
}

/** The diff of a result as lines, painted and not indented; none where none is wanted. */
function diffLines({ diff }: TaskResult, options: ReporterOptions): readonly string[] {
  const text = options.diff ? diffText(diff).trimEnd() : '';
  return text === '' ? [] : text.split('\n').map(line => paintDiff(line, options));
}

/** Printable lines of a text from anywhere; none of an empty one. */
export function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split('\n').map(printable);
}

/** Lines as they stand below what they belong to. */
export function indented(lines: readonly string[]): readonly string[] {
  return lines.map(line => `      ${line}`);
}

/** Whether a result is one that somebody must look at. */
export function isTrouble(status: TaskResult['status']): status is 'failed' | 'unreachable' | 'lost' {
  return status === 'failed' || status === 'unreachable' || status === 'lost';
}

/** Lines of what a module found that are shown; the rest is counted. */
const foundLimit = 200;

function foundLines(
  { module }: TaskName,
  { status, fields }: TaskResult,
  { found }: ReporterOptions,
): readonly string[] {
  // A result that no_log hides has no fields.
  if (!found || status !== 'ok' || Object.keys(fields).length === 0) return [];
  const lines = linesOf(found(module, fields));
  if (lines.length <= foundLimit) return lines;
  return [...lines.slice(0, foundLimit), `… ${lines.length - foundLimit} more lines`];
}

/** What a command printed, for `-v` and failures. */
function outputLines({ fields }: TaskResult): readonly string[] {
  return ['stdout', 'stderr'].flatMap(name => {
    const text = fields[name];
    return typeof text === 'string' && text.trim() !== '' ? linesOf(`${name}: ${text.trimEnd()}`) : [];
  });
}

/** A condition that stands, as one line. */
export function pendingText({ kind, subject, reason }: Pending): string {
  return printable(`pending ${kind}${subject === undefined ? '' : ` of ${subject}`}: ${reason}`);
}

/** The first line of a text, printable. */
export function firstLine(text: string): string {
  return printable(text.split('\n', 1)[0] ?? '');
}

/** All lines of a text but the first. */
export function rest(text: string): string {
  return text.split('\n').slice(1).join('\n');
}

/** `1 host`, `2 hosts`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function paintDiff(line: string, options: ReporterOptions): string {
  const shown = printable(line);
  if (line.startsWith('+')) return paint('green', shown, options);
  return line.startsWith('-') ? paint('red', shown, options) : shown;
}
