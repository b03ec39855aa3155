import { toPattern } from '../../host/lines/pattern.ts';
import { bare, insertLines, lineEnd, splitLines } from '../../host/lines/text.ts';
import { matchInTime } from '../../in-time.ts';
import type { Args } from './schema.ts';

/**
 * The text as it is to be; undefined if a marker stands alone, so that the end of the block is not
 * known.
 */
export function editBlock(text: string, args: Args): string | undefined {
  const lines = splitLines(text);
  const begin = args.marker.replaceAll('{mark}', args.marker_begin);
  const end = args.marker.replaceAll('{mark}', args.marker_end);
  const first = lines.findIndex(line => bare(line) === begin);
  const last = lines.findIndex((line, at) => at > first && bare(line) === end);
  const stray = lines.filter(line => [begin, end].includes(bare(line))).length;
  if (first < 0 ? stray > 0 : last < 0 || stray !== 2) return undefined;

  const eol = lineEnd(lines);
  const wanted =
    args.state === 'absent' || args.block === '' ? [] : [begin, ...blockLines(args.block), end].map(line => line + eol);
  if (first >= 0) {
    // Without a newline after its end marker the file keeps being without one.
    const closing = lines[last] ?? '';
    const ending = closing.slice(bare(closing).length);
    if (wanted.length > 0) wanted[wanted.length - 1] = end + ending;
    return [...lines.slice(0, first), ...wanted, ...lines.slice(last + 1)].join('');
  }
  return (wanted.length === 0 ? lines : insertLines(lines, insertionIndex(lines, args), wanted)).join('');
}

function blockLines(block: string): string[] {
  return splitLines(block).map(bare);
}

function insertionIndex(lines: readonly string[], { insertafter, insertbefore }: Args): number {
  if (insertbefore === 'BOF') return 0;
  const anchor = insertbefore ?? insertafter;
  if (anchor === undefined || anchor === 'EOF') return lines.length;
  const pattern = toPattern(anchor);
  const at = matchInTime([anchor], lines, () => lines.findLastIndex(line => pattern.test(bare(line))));
  if (at < 0) return lines.length;
  return insertbefore === undefined ? at + 1 : at;
}
