import { bare, insertLines, lineEnd, splitLines } from '../lines/text.ts';
import { parseAssignment } from './key.ts';

/** The file's text with the key assigned once: the last of its lines is kept and changed if need be. */
export function assign(text: string, name: string, path: string, value: string): string {
  const lines = splitLines(text);
  const own = lines.flatMap((line, at) => (parseAssignment(bare(line))?.path === path ? [at] : []));
  const last = own.at(-1);
  if (last === undefined) return insertLines(lines, lines.length, [`${name} = ${value}${lineEnd(lines)}`]).join('');
  const line = lines[last]!;
  const kept =
    parseAssignment(bare(line))!.value === value ? line : `${name} = ${value}${line.slice(bare(line).length)}`;
  return lines
    .with(last, kept)
    .filter((_, at) => at === last || !own.includes(at))
    .join('');
}

/** The file's text without the key. */
export function unassign(text: string, path: string): string {
  return splitLines(text)
    .filter(line => parseAssignment(bare(line))?.path !== path)
    .join('');
}

/**
 * The file that would win over `file` at boot, with the value it sets. Files are read in the order of their names whatever their
 * folder, and /etc/sysctl.conf last (sysctl.d(5), sysctl(8)).
 * @param found lines of `grep -H`
 */
export function overriding(
  found: string,
  file: string,
  path: string,
  value: string,
): { file: string; value: string } | undefined {
  const later = found.split('\n').flatMap(line => {
    const [, other, text] = /^([^:]+):(.*)$/.exec(line) ?? [];
    const assigned = parseAssignment(text ?? '');
    if (other === undefined || other === file || assigned?.path !== path || rank(other) <= rank(file)) return [];
    return [{ file: other, value: assigned.value }];
  });
  const winner = later.toSorted((a, b) => (rank(a.file) < rank(b.file) ? -1 : 1)).at(-1);
  return winner?.value === value ? undefined : winner;
}

function rank(file: string): string {
  return file === '/etc/sysctl.conf' ? '\uffff' : file.replace(/^.*\//, '');
}
