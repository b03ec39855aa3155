import { fillReferences, toPattern } from '../../host/lines/pattern.ts';
import { matchInTime } from '../../in-time.ts';
import type { Args } from './schema.ts';

export interface Replaced {
  /** The whole text as it is to be. */
  readonly text: string;
  /** The argument whose pattern matches nothing, so that no place is left to look at. */
  readonly unmatched?: 'after' | 'before';
}

/** Replaces all matches, or those in the window between `after` and `before`. */
export function editReplace(text: string, args: Args): Replaced {
  return matchInTime([args.regexp, args.after, args.before], [text], () => {
    const window = findWindow(text, args);
    if (typeof window === 'string') return { text, unmatched: window };
    const [start, end] = window;
    const pattern = toPattern(args.regexp, 'gm');
    const edited = text.slice(start, end).replace(pattern, (...found) => fill(args.replace, found));
    return { text: text.slice(0, start) + edited + text.slice(end) };
  });
}

/**
 * The part that is searched: it starts behind the first match of `after`, and ends at the first
 * match of `before` behind that. Without `after` it ends at the last match of `before`, as in
 * Ansible.
 */
function findWindow(text: string, { after, before }: Args): readonly [number, number] | 'after' | 'before' {
  const first = after === undefined ? undefined : toPattern(after, 'ms').exec(text);
  if (first === null) return 'after';
  const start = first ? first.index + first[0].length : 0;
  if (before === undefined) return [start, text.length];
  const ends = [...text.matchAll(toPattern(before, 'gms'))].map(({ index }) => index).filter(at => at >= start);
  const end = first ? ends[0] : ends.at(-1);
  return end === undefined ? 'before' : [start, end];
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };

/** Fills in what the pattern caught, and what `\n`, `\r`, `\t` and `\\` stand for. */
function fill(replacement: string, found: readonly unknown[]): string {
  const groups = typeof found.at(-1) === 'object' ? (found.at(-1) as Record<string, string>) : undefined;
  const match = Object.assign([...found], { groups }) as unknown as RegExpExecArray;
  return replacement.replace(/\\([nrt\\])|\\(?:g<\w+>|\d)/g, (piece: string, sign: string | undefined) =>
    sign === undefined ? fillReferences(piece, match) : (escapes[sign] ?? sign),
  );
}
