import { escapeOctal, unescapeOctal } from '../file/mounts.ts';
import { tidyPath } from '../file/resolve.ts';
import { bare, insertLines, lineEnd, splitLines } from '../lines/text.ts';

/** What a line of fstab says. */
export interface FstabEntry {
  readonly src: string;
  /** The mount point; `none` for swap space. */
  readonly path: string;
  readonly fstype: string;
  readonly opts: string;
  readonly dump: string;
  readonly passno: string;
}

/**
 * Which entry of fstab is meant: by the names of its mount point, or by the source of swap space.
 */
export interface EntryKey {
  readonly names: readonly string[];
  readonly swap?: string;
}

/** The entry of a line of fstab(5); undefined for comments and blank lines. */
function parseFstab(line: string): FstabEntry | undefined {
  const fields = bare(line).trim().split(/\s+/);
  if (fields.length < 3 || fields[0]?.startsWith('#')) return undefined;
  const [src = '', path = '', fstype = '', opts = 'defaults', dump = '0', passno = '0'] = fields.map(unescapeOctal);
  return { src, path: path.startsWith('/') ? tidyPath(path) : path, fstype, opts, dump, passno };
}

/**
 * The text with the entry of this mount point: in its place if it has one and differs, else at the
 * end.
 */
export function withFstab(text: string, entry: FstabEntry, key: EntryKey): string {
  const lines = splitLines(text);
  const old = lines.findLast(line => isMeant(parseFstab(line), key));
  const { src, path, fstype, opts, dump, passno } = entry;
  const fields = [src, path, fstype, opts, dump, passno].map(escapeOctal).join(' ');
  if (old === undefined) return insertLines(lines, lines.length, [fields + lineEnd(lines)]).join('');
  // Another name of the same mount point stays.
  const same = JSON.stringify({ ...parseFstab(old), path }) === JSON.stringify(entry);
  return same ? text : lines.with(lines.lastIndexOf(old), fields + old.slice(bare(old).length)).join('');
}

/** The text of fstab without the entries of a mount point. */
export function withoutFstab(text: string, key: EntryKey): string {
  return splitLines(text)
    .filter(line => !isMeant(parseFstab(line), key))
    .join('');
}

function isMeant(entry: FstabEntry | undefined, { names, swap }: EntryKey): boolean {
  if (!entry) return false;
  return swap === undefined ? names.includes(entry.path) : entry.fstype === 'swap' && entry.src === swap;
}
