import { bare } from '../lines/text.ts';

/** A stretch of lines: from its start up to, not including, its end. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A line that sets an option. */
export interface OptionLine {
  readonly index: number;
  readonly line: string;
  /** Undefined where the line has no `=`. */
  readonly value: string | undefined;
  /** Whether blanks surround the `=`. */
  readonly spaced: boolean;
}

/** The section that a header line opens; undefined for any other line. */
export function headerOf(line: string): string | undefined {
  return /^\s*\[(.*?)\]\s*([#;].*)?$/.exec(bare(line))?.[1];
}

/** Nothing but blanks, or a comment. */
export function isIdle(line: string): boolean {
  return /^\s*([#;].*)?$/.test(bare(line));
}

/**
 * Where the section stands: its lines with its header, up to the next header without the comments
 * directly above that. Without a name: what stands before the first header. A section may be opened
 * more than once.
 */
export function sectionsOf(lines: readonly string[], name: string | undefined): readonly Range[] {
  const headers = lines.flatMap((line, at) => (headerOf(line) === undefined ? [] : [at]));
  const endFrom = (at: number) => withoutLead(lines, at, headers.find(next => next > at) ?? lines.length);
  if (name === undefined) return [{ start: 0, end: endFrom(-1) }];
  return headers.filter(at => headerOf(lines[at] ?? '') === name).map(at => ({ start: at, end: endFrom(at) }));
}

/** The lines of a range that set the option. */
export function optionLines(lines: readonly string[], { start, end }: Range, option: string): readonly OptionLine[] {
  return lines.slice(start, end).flatMap((line, at) => {
    const rest = afterOption(bare(line), option);
    const match = rest === undefined ? null : /^(?:(\s*)=(\s*)(.*?))?\s*$/.exec(rest);
    if (!match) return [];
    return [{ index: start + at, line, value: match[3], spaced: (match[1] ?? '') + (match[2] ?? '') !== '' }];
  });
}

/** The line of a range that sets the option, but is a comment. */
export function commentedOut(lines: readonly string[], { start, end }: Range, option: string): number | undefined {
  const at = lines.slice(start, end).findIndex(line => {
    const example = /^\s*[#;]+(.*)$/.exec(bare(line))?.[1];
    return example !== undefined && /^\s*(=|$)/.test(afterOption(example, option) ?? 'another');
  });
  return at < 0 ? undefined : start + at;
}

/**
 * Whether what a line says goes on in the next: behind a backslash, or in an indented line that
 * sets nothing itself.
 */
export function isContinued(lines: readonly string[], index: number): boolean {
  const [line = '', next = ''] = lines.slice(index, index + 2);
  if (bare(line).endsWith('\\')) return true;
  if (/^\s/.test(line) || isIdle(next) || headerOf(next) !== undefined) return false;
  return /^[ \t]+(?![\w.-]+\s*=)/.test(next);
}

function afterOption(line: string, option: string): string | undefined {
  const text = line.trimStart();
  return text.startsWith(option) ? text.slice(option.length) : undefined;
}

/**
 * Where a section ends that is followed by a header at `end`: the comments on that header are not
 * its own.
 */
function withoutLead(lines: readonly string[], start: number, end: number): number {
  if (end === lines.length) return end;
  let at = end;
  while (at - 1 > start && /^\s*[#;]/.test(lines[at - 1] ?? '')) at -= 1;
  return at;
}
