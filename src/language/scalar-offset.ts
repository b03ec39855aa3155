/**
 * How a scalar is written in a file: the bytes between its first and last character, quotes and
 * block header included.
 */
export interface ScalarText {
  readonly source: string;
  readonly style: 'plain' | 'single' | 'double' | 'block';
  readonly value: string;
}

/**
 * Where a character of a scalar's value is in its source, so that an error in a template inside
 * quotes, over several lines or folded, is shown at its place. Walks both texts side by side.
 */
export function sourceOffset({ source, style, value }: ScalarText, offset: number): number {
  const block = style === 'block';
  const indent = block ? (/\n( *)\S/.exec(source)?.[1]?.length ?? 0) : source.length;
  let at = block ? skipIndent(source, source.indexOf('\n') + 1, indent) : style === 'plain' ? 0 : 1;
  for (const letter of value.slice(0, offset)) {
    const width = widthOf(source, at, letter, style);
    if (width === undefined) return 0;
    at += width;
    if (source[at - 1] === '\n') at = skipIndent(source, at, indent);
  }
  return Math.min(at, source.length);
}

/** How many characters of the source stand for one of the value; undefined if it is another one. */
function widthOf(source: string, at: number, letter: string, style: ScalarText['style']): number | undefined {
  if (style === 'single' && letter === "'") return 2;
  if (style === 'double' && source[at] === '\\') return escapeWidth(source, at);
  if (source.startsWith(letter, at)) return letter.length;
  // A fold: the end of a line became a blank, or several ends of lines one.
  const fold = /^[ \t]*(?:\r?\n[ \t]*)+/.exec(source.slice(at));
  return fold && /\s/.test(letter) ? fold[0].length : undefined;
}

function escapeWidth(source: string, at: number): number {
  const digits: Record<string, number> = { x: 4, u: 6, U: 10 };
  return digits[source.slice(at + 1, at + 2)] ?? 2;
}

function skipIndent(source: string, at: number, indent: number): number {
  let end = at;
  while (end < at + indent && source[end] === ' ') end += 1;
  return end;
}
