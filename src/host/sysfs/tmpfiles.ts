import { type Decision, type Refuse, refuse } from '../../decision.ts';
import { all, map, printed, type Seen } from '../../shell/look.ts';
import { raw, sh } from '../../shell/quote.ts';
import { pathPattern } from '../file/arguments.ts';
import { edited } from '../lines/decide.ts';
import { withOneLine } from '../lines/one-line.ts';
import { textFile } from '../lines/text.ts';

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
const globs = raw(
  ['/etc', '/run', '/usr/local/lib', '/usr/lib'].map(folder => `${folder}/tmpfiles.d/*.conf`).join(' '),
);

/** Whether there is a program that writes values at boot. @throws CannotTell where there is none */
export const tmpfilesTool = printed('systemd-tmpfiles', raw('command -v systemd-tmpfiles >/dev/null || exit 127'));

/** The file that is owned, and lines of all such files that have a text in them. */
export function tmpfiles(file: string, text: string) {
  // 2 says that one of the folders is not there.
  return all({ file: textFile(file), others: printed('grep', sh`grep -sHF -e ${text} ${globs}`, [0, 1, 2]) });
}

/** What systemd-tmpfiles writes at boot, by path: of several files the first one counts. */
export const writtenAtBoot = map(printed('grep', sh`grep -sH '^w' ${globs}`, [0, 1, 2]), text => {
  const writes = Map.groupBy(storedWrites(text), ({ path }) => path);
  const first = (one: StoredWrite, other: StoredWrite) => (base(other.file) < base(one.file) ? other : one);
  return new Map([...writes].map(([path, all]) => [path, all.reduce(first).value]));
});

/** A value that is written to a path at boot. */
export interface Write {
  readonly path: string;
  readonly value: string;
  /** With `w-` boot goes on where the kernel refuses it (tmpfiles.d(5)). */
  readonly type?: 'w' | 'w-';
}

/**
 * Decides of the file, with one line for each path. Refuses where another file writes another
 * value: of several lines for one path systemd-tmpfiles takes that of the file whose name sorts
 * first.
 */
export function storedAtBoot(
  { file, others }: Seen<ReturnType<typeof tmpfiles>>,
  ...writes: readonly [Write, ...Write[]]
): Decision {
  const { path } = file.goal;
  const refused = writes.flatMap(write => refuseEarlier(others, path, write) ?? [])[0];
  return refused ?? edited(file, writes.reduce(withWrite, file.text));
}

function withWrite(text: string, { path, value, type = 'w' }: Write): string {
  return withOneLine(text, {
    keep: 'first',
    owns: line => parseWrite(line)?.path === path,
    same: line => parseWrite(line)?.value === value,
    wanted: `${type} ${path} - - - - ${value}`,
  });
}

function refuseEarlier(found: string, own: string, { path, value }: Write): Refuse | undefined {
  const earlier = storedWrites(found).find(
    write => write.path === path && write.value !== value && base(write.file) < base(own),
  );
  return (
    earlier &&
    refuse(
      `${earlier.file} writes ${earlier.value} to ${path} and is read before ${own}: at boot ${value} would be lost`,
      `Remove the line from ${earlier.file}, or choose a file whose name sorts before it.`,
    )
  );
}

interface StoredWrite extends Write {
  readonly file: string;
}

function storedWrites(found: string): readonly StoredWrite[] {
  return found.split('\n').flatMap(row => {
    const [, file, line = ''] = /^([^:]+):(.*)$/.exec(row) ?? [];
    const write = parseWrite(line);
    return file !== undefined && write ? [{ ...write, file }] : [];
  });
}

function base(file: string): string {
  return file.replace(/^.*\//, '');
}

function parseWrite(line: string): Write | undefined {
  const [, path, value] = /^\s*w\S*\s+(\S+)(?:\s+\S+){4}\s+(.*?)\s*$/.exec(line) ?? [];
  return path === undefined || value === undefined ? undefined : { path, value };
}
