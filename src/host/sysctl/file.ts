import { raw } from '../../shell/quote.ts';
import { withOneLine } from '../lines/one-line.ts';
import { type Assignment, parseAssignment } from './key.ts';

/**
 * The file's text with the key assigned once: the last of its lines is kept and changed if need be.
 */
export function assign(text: string, name: string, { path, value }: Assignment): string {
  return withOneLine(text, {
    keep: 'last',
    owns: line => parseAssignment(line)?.path === path,
    same: line => parseAssignment(line)?.value === value,
    wanted: `${name} = ${value}`,
  });
}

/** The file's text without the key. */
export function unassign(text: string, path: string): string {
  return withOneLine(text, { keep: 'last', owns: line => parseAssignment(line)?.path === path, wanted: undefined });
}

/**
 * The file that would win over `file` at boot, with the value it sets. Files are read in the order
 * of their names whatever their folder, and /etc/sysctl.conf last (sysctl.d(5), sysctl(8)).
 * @param found lines of `grep -H`
 */
export function overriding(
  found: string,
  file: string,
  { path, value }: Assignment,
): { file: string; value: string } | undefined {
  const winner = storedLast(found, path, other => other !== file && rank(other) > rank(file));
  return winner?.value === value ? undefined : winner;
}

/**
 * The file whose value the key has after a boot, with that value; undefined where none sets it.
 * @param found lines of `grep -H`
 */
export function storedLast(
  found: string,
  path: string,
  counts: (file: string) => boolean = () => true,
): { file: string; value: string } | undefined {
  const all = found.split('\n').flatMap(line => {
    const [, file, text] = /^([^:]+):(.*)$/.exec(line) ?? [];
    const assigned = parseAssignment(text ?? '');
    if (file === undefined || assigned?.path !== path || !counts(file)) return [];
    return [{ file, value: assigned.value }];
  });
  return all.toSorted((a, b) => (rank(a.file) < rank(b.file) ? -1 : 1)).at(-1);
}

function rank(file: string): string {
  return file === '/etc/sysctl.conf' ? '\uffff' : file.replace(/^.*\//, '');
}

/** All files that set keys at boot, as globs of the shell. */
export const sysctlGlobs = raw(
  [
    ...['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'].map(folder => `${folder}/sysctl.d/*.conf`),
    '/etc/sysctl.conf',
  ].join(' '),
);
