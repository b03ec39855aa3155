import { CannotTell } from '../../shell/answer.ts';
import { entryFormat } from '../../shell/functions/formats.ts';
import { ask, type Look, map } from '../../shell/look.ts';
import { inShell, type ShellText, sh } from '../../shell/quote.ts';
import type { Output } from '../../shell/script.ts';

type EntryKind = 'file' | 'directory' | 'link' | 'block' | 'character' | 'fifo' | 'socket';

/** What stands at a path, as `stat` tells it. */
export interface Entry {
  readonly kind: EntryKind;
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** The owner's name; `UNKNOWN` where the number has none. */
  readonly owner: string;
  readonly group: string;
  /** Bytes. */
  readonly size: number;
  readonly links: number;
  /** Seconds since 1970. */
  readonly modified: number;
  readonly device: string;
  readonly inode: string;
}

/** By the upper four bits of `st_mode`. */
const typeBits: Readonly<Record<EntryKind, number>> = {
  fifo: 1,
  character: 2,
  directory: 4,
  block: 6,
  file: 8,
  link: 10,
  socket: 12,
};
const kinds = new Map(Object.entries(typeBits).map(([kind, bits]) => [bits, kind as EntryKind]));

/**
 * Asks for the entry at `path`, which may be shell text such as `"$p"`; `follow` looks through a
 * symbolic link.
 */
export function statEntry(path: string | ShellText, options: { follow?: boolean } = {}): ShellText {
  return options.follow ? sh`stat -L -c ${entryFormat} -- ${path}` : sh`stat -c ${entryFormat} -- ${path}`;
}

/**
 * What is at a path, undefined where nothing is.
 * @throws CannotTell where the path could not be looked at: a directory that may not be searched, a
 * loop of links.
 */
export function entryAt(path: string | ShellText, options: { follow?: boolean } = {}): Look<Entry | undefined> {
  return entryOf(statEntry(path, options));
}

/** As {@link entryAt}, of a text that ends with that of {@link statEntry}. */
export function entryOf(text: ShellText): Look<Entry | undefined> {
  return map(ask('stat', text, [0, 1]), entryIn);
}

/**
 * Like {@link statEntry}, without a process where nothing is at `path`: code 1 says so, or 3 if
 * even the directory is missing.
 */
export function statOrAbsent(path: string | ShellText, directory: string | ShellText): ShellText {
  return inShell(sh`hw_entry ${path} ${directory} && printf '%s\\n' "$hw_s"`);
}

/** What a text of {@link statEntry} has printed, undefined where nothing is. @throws CannotTell */
export function entryIn(found: Output): Entry | undefined {
  if (found.code === 0) return parseEntry(found.stdout);
  requireAbsent(found);
  return undefined;
}

/**
 * What the shell functions hw_entry and hw_look print: code 0 where something is there, 1 where
 * nothing is, 3 where even its directory is missing.
 * @throws CannotTell where the path could not be looked at, or leads through a link that is not to
 * be trusted
 */
export function placeAnswer(text: ShellText): Look<Output> {
  return map(ask('stat', text, [0, 1, 2, 3, 5]), found => {
    if (found.code === 5) throw new CannotTell(found.stderr.trim());
    if (found.code === 2) {
      throw new CannotTell(`could not look at the path: ${found.stderr.trim()}`, {
        advice: 'Run the task as a user who may search the directory (become: true).',
      });
    }
    return found;
  });
}

/** @throws CannotTell unless the error text says that the path is not there */
export function requireAbsent(found: Output): void {
  if (saysAbsent(found)) return;
  throw new CannotTell(
    'could not look at the path: ' +
      `${found.stderr.trim() || 'nothing was printed (a symbolic link into a missing directory?)'}`,
    {
      advice: 'Run the task as a user who may search the directory (become: true).',
    },
  );
}

/**
 * True if the error text says that the path is not there. The C library words it alike under
 * LC_ALL=C everywhere.
 */
function saysAbsent(found: Output): boolean {
  return /: (No such file or directory|Not a directory)\s*$/.test(found.stderr);
}

/** @throws CannotTell for anything but a line of {@link statEntry}. */
export function parseEntry(line: string): Entry {
  const match = /^([0-9a-f]+) (\d+) (\d+) (\d+) (\d+) (-?\d+) (\d+) (\d+) (\S+) (.+)\n$/.exec(line);
  const [, bits = '', links, uid, gid, size, modified, device = '', inode = '', owner = '', group = ''] = match ?? [];
  const raw = Number.parseInt(bits, 16);
  const kind = kinds.get(raw >> 12);
  if (!kind) throw new CannotTell(`stat printed a line that cannot be read: ${JSON.stringify(line)}`);
  const [mode, names] = [raw & 0o7777, { device, inode, owner, group }];
  const numbers = { uid: Number(uid), gid: Number(gid), size: Number(size), links: Number(links) };
  return { kind, mode, ...numbers, modified: Number(modified), ...names };
}

/** Leaves with 75 unless the entry at `path` is still the one that was probed. */
export function sameEntry(path: string, entry: Entry | undefined): ShellText {
  if (!entry) return sh`if [ -e ${path} ] || [ -L ${path} ]; then exit 75; fi`;
  const seen = `${rawMode(entry.kind, entry.mode)} ${entry.uid} ${entry.gid} ${entry.device} ${entry.inode}`;
  // A directory's size and time change with every entry in it: they say nothing about the directory
  // itself.
  if (entry.kind === 'directory') return sh`[ "$(stat -c '%f %u %g %d %i' -- ${path})" = ${seen} ] || exit 75`;
  return sh`[ "$(stat -c '%f %u %g %d %i %s %Y' -- ${path})" = ${`${seen} ${entry.size} ${entry.modified}`} ] || \
exit 75`;
}

/**
 * What the shell functions hw_open and hw_set compare with what they find: type, mode, owner and
 * the inode with its size
 * and time. Of a directory these change with each entry in it, so that it is a pattern.
 */
export function seenAs(entry: Entry | undefined): string {
  if (!entry) return '';
  const { uid, gid, device, inode, size, modified } = entry;
  const state = entry.kind === 'directory' ? '*' : `${size}:${modified}`;
  return `${rawMode(entry.kind, entry.mode)}:${uid}:${gid} ${device}:${inode}:${state}`;
}

/** `st_mode` in hexadecimal, as stat prints it. */
export function rawMode(kind: EntryKind, mode: number): string {
  return ((typeBits[kind] << 12) | mode).toString(16);
}
