import { insertLines, lineEnd, splitLines } from '../lines/text.ts';

/** A line of authorized_keys, sshd(8). */
export interface PublicKey {
  /** As they stand before the key; undefined where there are none. */
  readonly options: string | undefined;
  readonly type: string;
  /** The key itself in base64, by which two are the same. */
  readonly blob: string;
  readonly comment: string | undefined;
}

/** A word with blanks in quotes, as options may have. */
const word = String.raw`(?:"(?:\\.|[^"\\])*"|[^\s"])+`;
const keyLine = new RegExp(
  String.raw`^\s*(?:(${word})\s+)??([a-z][a-z0-9@.-]+)\s+(AAAA[A-Za-z0-9+/]+=*)(?:\s+(.*?))?\s*$`,
);

/** The key of a line; undefined for blank lines, comments and what no key is. */
export function parseKey(line: string): PublicKey | undefined {
  const [, options, type, blob, comment] = keyLine.exec(line) ?? [];
  if (type === undefined || blob === undefined || /^\s*#/.test(line) || typeIn(blob) !== type) return undefined;
  return { options, type, blob, comment: comment || undefined };
}

/** Blank lines and comments. */
export function saysNothing(line: string): boolean {
  return /^\s*(#.*)?$/.test(line.trimEnd());
}

/** The type that stands within the key, before its numbers. */
export function typeIn(blob: string): string {
  const bytes = Buffer.from(blob, 'base64');
  return bytes.length < 4 ? '' : bytes.toString('latin1', 4, 4 + bytes.readUInt32BE(0));
}

/**
 * The text with the wanted keys. Options and comments that are not given stay as they are; options that are given as '' go.
 * @param exclusive leaves no other key; comments stay
 */
export function withKeys(text: string, wanted: readonly PublicKey[], exclusive: boolean): string {
  const seen = new Set<string>();
  const lines = splitLines(text).flatMap(line => {
    const key = parseKey(line);
    const owner = key && wanted.find(one => one.blob === key.blob);
    if (!owner || (seen.has(owner.blob) && !exclusive)) return exclusive && !saysNothing(line) ? [] : [line];
    if (seen.has(owner.blob)) return [];
    seen.add(owner.blob);
    const better = merge(owner, key);
    return [format(better) === format(key) ? line : format(better) + lineEnd([line])];
  });
  const fresh = new Map(wanted.filter(({ blob }) => !seen.has(blob)).map(key => [key.blob, key]));
  const added = [...fresh.values()].map(key => format(key) + lineEnd(lines));
  return (added.length === 0 ? lines : insertLines(lines, lines.length, added)).join('');
}

/** The text without those keys. */
export function withoutKeys(text: string, unwanted: readonly PublicKey[]): string {
  const blobs = new Set(unwanted.map(key => key.blob));
  return splitLines(text)
    .filter(line => !blobs.has(parseKey(line)?.blob ?? ''))
    .join('');
}

function merge(wanted: PublicKey, there: PublicKey): PublicKey {
  return { ...there, options: wanted.options ?? there.options, comment: wanted.comment ?? there.comment };
}

function format({ options, type, blob, comment }: PublicKey): string {
  return [options, type, blob, comment].filter(Boolean).join(' ');
}
