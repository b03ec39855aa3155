import { escapeOctal, unescapeOctal } from '../file/mounts.ts';
import { bare, insertLines, lineEnd, splitLines } from '../lines/text.ts';

export interface FstabEntry {
  readonly src: string;
  readonly path: string;
  readonly fstype: string;
  readonly opts: string;
  readonly dump: string;
  readonly passno: string;
}

/** The entry of a line of fstab(5); undefined for comments and blank lines. */
function parseFstab(line: string): FstabEntry | undefined {
  const fields = bare(line).trim().split(/\s+/);
  if (fields.length < 3 || fields[0]!.startsWith('#')) return undefined;
  const [src, path, fstype, opts = 'defaults', dump = '0', passno = '0'] = fields.map(unescapeOctal);
  return { src: src!, path: path!.replace(/(.)\/+$/, '$1'), fstype: fstype!, opts, dump, passno };
}

/** The text with the entry of this mount point: in its place if it has one and differs, else at the end. */
export function withFstab(text: string, entry: FstabEntry): string {
  const lines = splitLines(text);
  const at = lines.findLastIndex(line => parseFstab(line)?.path === entry.path);
  const { src, path, fstype, opts, dump, passno } = entry;
  const fields = [src, path, fstype, opts, dump, passno].map(escapeOctal).join(' ');
  if (at < 0) return insertLines(lines, lines.length, [fields + lineEnd(lines)]).join('');
  const same = JSON.stringify(parseFstab(lines[at]!)) === JSON.stringify(entry);
  return same ? text : lines.with(at, fields + lines[at]!.slice(bare(lines[at]!).length)).join('');
}

/** The text of fstab without the entries of a mount point. */
export function withoutFstab(text: string, path: string): string {
  return splitLines(text)
    .filter(line => parseFstab(line)?.path !== path)
    .join('');
}
