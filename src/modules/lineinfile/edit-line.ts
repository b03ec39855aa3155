import { fillReferences, toPattern } from '../../host/lines/pattern.ts';
import { bare, insertLines, lineEnd, splitLines } from '../../host/lines/text.ts';
import { matchInTime } from '../../in-time.ts';
import type { Args } from './schema.ts';

/** The text as it is to be. */
export function editLine(text: string, args: Args): string {
  const lines = splitLines(text);
  const { insertafter, insertbefore, regexp, state } = args;
  return matchInTime([regexp, insertafter, insertbefore], lines, () =>
    (state === 'absent' ? withoutLine(lines, args) : withLine(lines, args)).join(''),
  );
}

/**
 * Whether the text would become another one with each run: what backrefs fill in is matched again.
 */
export function matchesAgain(text: string, args: Args): boolean {
  const edited = editLine(text, args);
  return args.backrefs && editLine(edited, args) !== edited;
}

function withoutLine(lines: readonly string[], args: Args): string[] {
  const matches = matcher(args) ?? (line => line === args.line);
  return lines.filter(line => !matches(bare(line)));
}

/**
 * The last line that matches is replaced (the first, with firstmatch). Where none matches and the
 * very line is not there either, it is added; with backrefs a file without a match stays as it is.
 */
function withLine(lines: readonly string[], args: Args): readonly string[] {
  const { line = '' } = args;
  const matches = matcher(args);
  const at = matches ? pick(lines, args.firstmatch, matches) : -1;
  if (at >= 0) return replaceAt(lines, at, args);
  if (args.backrefs || lines.some(one => bare(one) === line)) return lines;
  const index = insertionIndex(lines, args);
  return insertLines(lines, index, [line + lineEnd(lines)]);
}

function replaceAt(lines: readonly string[], at: number, args: Args): string[] {
  const { line = '' } = args;
  const old = lines[at] ?? '';
  const match = args.backrefs && args.regexp !== undefined ? toPattern(args.regexp).exec(bare(old)) : null;
  const content = match ? fillReferences(line, match) : line;
  return lines.with(at, content + old.slice(bare(old).length));
}

/** Where a new line goes; an anchor that is not found means the end of the file. */
function insertionIndex(lines: readonly string[], { insertafter, insertbefore, firstmatch }: Args): number {
  if (insertbefore === 'BOF') return 0;
  const anchor = insertbefore ?? insertafter;
  if (anchor === undefined || anchor === 'EOF') return lines.length;
  const pattern = toPattern(anchor);
  const at = pick(lines, firstmatch, line => pattern.test(line));
  if (at < 0) return lines.length;
  return insertbefore === undefined ? at + 1 : at;
}

function matcher({ regexp, search_string }: Args): ((line: string) => boolean) | undefined {
  if (search_string !== undefined) return line => line.includes(search_string);
  if (regexp === undefined) return undefined;
  const pattern = toPattern(regexp);
  return line => pattern.test(line);
}

function pick(lines: readonly string[], first: boolean, matches: (line: string) => boolean): number {
  return first ? lines.findIndex(line => matches(bare(line))) : lines.findLastIndex(line => matches(bare(line)));
}
