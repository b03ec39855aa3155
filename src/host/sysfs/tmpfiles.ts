import { type Refuse, refuse } from '../../decision.ts';
import { raw } from '../../shell/quote.ts';
import { pathPattern } from '../file/arguments.ts';
import { bare, insertLines, lineEnd, splitLines } from '../lines/text.ts';

/** The default file for values that systemd-tmpfiles writes at boot. */
export const tmpfilesDefault = '/etc/tmpfiles.d/hostwright.conf';

/** The argument that names another one. */
export const tmpfilesSchema = {
  type: 'string',
  pattern: pathPattern,
  default: tmpfilesDefault,
  description: 'The file that sets it at boot.',
} as const;

/** All files that systemd-tmpfiles reads, as globs of the shell. */
export const tmpfilesGlobs = raw(
  ['/etc', '/run', '/usr/local/lib', '/usr/lib'].map(folder => `${folder}/tmpfiles.d/*.conf`).join(' '),
);

interface Write {
  readonly path: string;
  readonly value: string;
}

/**
 * The text of a tmpfiles.d file with one line that writes the value to the path at boot; undefined
 * takes it out (tmpfiles.d(5), type `w`). With `w-` boot goes on where the kernel refuses it.
 */
export function writesAtBoot(text: string, path: string, value: string | undefined, type: 'w' | 'w-' = 'w'): string {
  const lines = splitLines(text);
  const own = lines.flatMap((line, at) => (parseWrite(bare(line))?.path === path ? [at] : []));
  const first = own[0];
  if (value === undefined) return lines.filter((_, at) => !own.includes(at)).join('');
  const wanted = `${type} ${path} - - - - ${value}`;
  if (first === undefined) return insertLines(lines, lines.length, [`${wanted}${lineEnd(lines)}`]).join('');
  const line = lines[first]!;
  const kept = parseWrite(bare(line))!.value === value ? line : `${wanted}${line.slice(bare(line).length)}`;
  return lines
    .with(first, kept)
    .filter((_, at) => at === first || !own.includes(at))
    .join('');
}

/**
 * Refuses where another file writes another value: of several lines for one path systemd-tmpfiles
 * takes that of the file whose name sorts first.
 * @param found lines of `grep -H`
 */
export function refuseEarlier(found: string, file: string, path: string, value: string): Refuse | undefined {
  const base = (name: string) => name.replace(/^.*\//, '');
  for (const row of found.split('\n')) {
    const [, other, line] = /^([^:]+):(.*)$/.exec(row) ?? [];
    const write = parseWrite(line ?? '');
    if (other === undefined || write?.path !== path || write.value === value || base(other) >= base(file)) continue;
    return refuse(
      `${other} writes ${write.value} to ${path} and is read before ${file}: at boot ${value} would be lost`,
      `Remove the line from ${other}, or choose a file whose name sorts before it.`,
    );
  }
  return undefined;
}

/**
 * What systemd-tmpfiles writes to a path at boot; undefined where no file does.
 * @param found lines of `grep -H`
 */
export function writtenAtBoot(found: string, path: string): string | undefined {
  const writes = found.split('\n').flatMap(row => {
    const [, file, line] = /^([^:]+):(.*)$/.exec(row) ?? [];
    const write = parseWrite(line ?? '');
    return file !== undefined && write?.path === path ? [{ base: file.replace(/^.*\//, ''), value: write.value }] : [];
  });
  return writes.toSorted((a, b) => (a.base < b.base ? -1 : 1))[0]?.value;
}

function parseWrite(line: string): Write | undefined {
  const match = /^\s*w\S*\s+(\S+)(?:\s+\S+){4}\s+(.*?)\s*$/.exec(line);
  return match ? { path: match[1]!, value: match[2]! } : undefined;
}
