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
 * The text with the wanted keys. Options and comments that are not given stay as they are; options
 * that are given as '' go. Of two wanted lines for one key the last counts. A certificate authority
 * is another entry than the same key alone.
 * @param exclusive leaves no other key; comments stay
 */
export function withKeys(text: string, wanted: readonly PublicKey[], exclusive: boolean): string {
  const owners = new Map(wanted.map(key => [identityOf(key), key]));
  const seen = new Set<string>();
  const lines = splitLines(text).flatMap(line => {
    const key = parseKey(line);
    const identity = key ? identityOf(key) : '';
    const owner = owners.get(identity);
    if (!key || !owner || (seen.has(identity) && !exclusive)) return exclusive && !saysNothing(line) ? [] : [line];
    if (seen.has(identity)) return [];
    seen.add(identity);
    const better = merge(owner, key);
    return [formatKey(better) === formatKey(key) ? line : formatKey(better) + lineEnd([line])];
  });
  const fresh = [...owners].filter(([identity]) => !seen.has(identity));
  const added = fresh.map(([, key]) => formatKey(key) + lineEnd(lines));
  return (added.length === 0 ? lines : insertLines(lines, lines.length, added)).join('');
}

/** The text without those keys. */
export function withoutKeys(text: string, unwanted: readonly PublicKey[]): string {
  const gone = new Set(unwanted.map(identityOf));
  return splitLines(text)
    .filter(line => {
      const key = parseKey(line);
      return !key || !gone.has(identityOf(key));
    })
    .join('');
}

function merge(wanted: PublicKey, there: PublicKey): PublicKey {
  return { ...there, options: wanted.options ?? there.options, comment: wanted.comment ?? there.comment };
}

/** What tells two entries apart: the key, and whether it signs others. */
function identityOf({ options, blob }: PublicKey): string {
  const words = (options ?? '')
    .replace(/"(?:\\.|[^"\\])*"/g, '')
    .toLowerCase()
    .split(',');
  return words.includes('cert-authority') ? `${blob} cert-authority` : blob;
}

/** Whether the line of a key is read back as it is meant. */
export function isReadBack(key: PublicKey): boolean {
  const read = parseKey(formatKey(key));
  return (
    read !== undefined && (['options', 'comment'] as const).every(part => (read[part] ?? '') === (key[part] ?? ''))
  );
}

/** The line of a key, without its end. */
function formatKey({ options, type, blob, comment }: PublicKey): string {
  return [options, type, blob, comment].filter(Boolean).join(' ');
}
