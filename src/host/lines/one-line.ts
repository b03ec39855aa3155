import { bare, insertLines, lineEnd, splitLines } from './text.ts';

/** One line of a file that is owned, and how it is found. */
export interface OwnLine {
  /** Whether a line, without its end, is about what is owned. */
  readonly owns: (line: string) => boolean;
  /** The line as it is to be, without its end; undefined takes it out. */
  readonly wanted: string | undefined;
  /** Whether a line that is owned says the same already, and stays as it is. */
  readonly same?: (line: string) => boolean;
  /** Which of several lines is kept: the one that counts for those who read the file. */
  readonly keep: 'first' | 'last';
}

/** The text with the line that is owned in it once, at the end if it is new; or without it. */
export function withOneLine(text: string, { owns, wanted, same, keep }: OwnLine): string {
  const lines = splitLines(text);
  const own = lines.filter(line => owns(bare(line)));
  const kept = keep === 'first' ? own[0] : own.at(-1);
  if (wanted === undefined) return lines.filter(line => !own.includes(line)).join('');
  if (kept === undefined) return insertLines(lines, lines.length, [`${wanted}${lineEnd(lines)}`]).join('');
  const at = keep === 'first' ? lines.indexOf(kept) : lines.lastIndexOf(kept);
  const line = same?.(bare(kept)) ? kept : wanted + kept.slice(bare(kept).length);
  return lines.flatMap((one, index) => (index === at ? [line] : own.includes(one) ? [] : [one])).join('');
}
