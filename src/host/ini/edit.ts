import { bare, insertLines, lineEnd, splitLines } from '../lines/text.ts';
import { commentedOut, isContinued, isIdle, optionLines, type Range, sectionsOf } from './parts.ts';

export interface IniArguments {
  readonly section?: string | undefined;
  readonly option?: string | undefined;
  /** What the option is set to, each value once; undefined stands for an option without a value. */
  readonly wanted: readonly (string | undefined)[];
  readonly state: 'present' | 'absent';
  readonly exclusive: boolean;
  readonly no_extra_spaces: boolean;
  readonly modify_inactive_option: boolean;
}

/**
 * The whole text as it is to be, or the number of the line that sets the option and goes on in the
 * next.
 */
export type Edited = { readonly text: string } | { readonly continued: number };

/** Edits a section or an option in it; all else stays as it is, byte for byte. */
export function editIni(text: string, args: IniArguments): Edited {
  const lines = splitLines(text);
  const ranges = sectionsOf(lines, args.section);
  const { option } = args;
  if (option === undefined) return { text: editSection(lines, ranges, args).join('') };
  const set = ranges.flatMap(range => optionLines(lines, range, option));
  const continued = set.find(({ index }) => isContinued(lines, index));
  if (continued) return { continued: continued.index + 1 };
  if (args.state === 'absent') {
    const gone = set.filter(({ value }) => args.exclusive || args.wanted.includes(value)).map(({ index }) => index);
    return { text: lines.filter((_, at) => !gone.includes(at)).join('') };
  }
  return { text: withOption(lines, ranges, { ...args, option }).join('') };
}

/** What is asked of an option. */
type OptionArguments = IniArguments & { readonly option: string };

function editSection(lines: readonly string[], ranges: readonly Range[], args: IniArguments): readonly string[] {
  if (args.state === 'absent')
    return lines.filter((_, at) => !ranges.some(({ start, end }) => at >= start && at < end));
  return ranges.length > 0 || args.section === undefined ? lines : addSection(lines, args.section);
}

/**
 * Lines that are right stay. With `exclusive` others take the values that are missing, in their
 * order, and the rest goes.
 */
function withOption(before: readonly string[], ranges: readonly Range[], args: OptionArguments): readonly string[] {
  const [first] = ranges;
  // Without a section the lines before the first header are the range.
  if (!first) return args.section === undefined ? before : withOption(...openSection(before, args.section), args);
  const set = ranges.flatMap(range => optionLines(before, range, args.option));
  const missing = [...args.wanted];
  const lines: (string | undefined)[] = [...before];
  const others = set.filter(({ index, line, value, spaced }) => {
    const at = missing.indexOf(value);
    if (at < 0) return true;
    missing.splice(at, 1);
    if (spaced && args.no_extra_spaces) lines[index] = rewrite(line, value, args);
    return false;
  });
  if (args.exclusive) {
    for (const { index, line } of others) {
      lines[index] = missing.length > 0 ? rewrite(line, missing.shift(), args) : undefined;
    }
  }
  if (missing.length === 0) return lines.filter(line => line !== undefined);
  const { index, instead } = placeFor(before, [first, ...ranges.slice(1)], set.at(-1)?.index, args);
  const added = missing.map(value => newLine(value, args) + lineEnd(before));
  if (instead) lines[index - 1] = undefined;
  const head = lines.slice(0, index).filter(line => line !== undefined);
  const tail = lines.slice(index).filter(line => line !== undefined);
  return insertLines([...head, ...tail], head.length, added);
}

/**
 * The line with another value. Its indentation stays, and so do the blanks around `=` unless they
 * are owned.
 */
function rewrite(line: string, value: string | undefined, args: OptionArguments): string {
  const end = line.slice(bare(line).length);
  const text = bare(line);
  const indent = text.slice(0, text.length - text.trimStart().length);
  const behind = /^\s*=\s*/.exec(text.slice(indent.length + args.option.length))?.[0];
  const plain = indent + newLine(value, args) + end;
  if (value === undefined || args.no_extra_spaces || behind === undefined) return plain;
  return indent + args.option + behind + value + end;
}

function newLine(value: string | undefined, { option, no_extra_spaces }: OptionArguments): string {
  return value === undefined ? option : `${option}${no_extra_spaces ? '=' : ' = '}${value}`;
}

/**
 * A new line goes behind those of its option, else behind its example in a comment, else behind the
 * last option.
 */
function placeFor(
  lines: readonly string[],
  ranges: readonly [Range, ...Range[]],
  last: number | undefined,
  args: OptionArguments,
): { readonly index: number; readonly instead?: boolean } {
  if (last !== undefined) return { index: last + 1 };
  for (const range of ranges) {
    const example = commentedOut(lines, range, args.option);
    if (example !== undefined) return { index: example + 1, instead: args.modify_inactive_option };
  }
  const [{ start, end }] = ranges;
  const busy = lines.slice(start, end).findLastIndex(line => !isIdle(line));
  if (busy >= 0) return { index: start + busy + 1 };
  // Only before the first header can a range have no line that says something.
  return { index: end };
}

function openSection(lines: readonly string[], section: string): [readonly string[], readonly Range[]] {
  const opened = addSection(lines, section);
  return [opened, sectionsOf(opened, section)];
}

function addSection(lines: readonly string[], section: string): readonly string[] {
  const eol = lineEnd(lines);
  const gap = bare(lines.at(-1) ?? '').trim() !== '' ? [eol] : [];
  return insertLines(lines, lines.length, [...gap, `[${section}]${eol}`]);
}
