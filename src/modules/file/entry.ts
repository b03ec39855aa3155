import { join, type ShellText, sh } from '../../shell/quote.ts';
import type { Answer, Output } from '../../shell/script.ts';
import { accept, CannotTell } from '../module.ts';

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

/** What {@link parseEntry} reads; GNU and busybox `stat` know all of these. */
export const entryFormat = '%f %h %u %g %s %Y %d %i %U %G';

/** By the upper four bits of `st_mode`. */
const kinds: Readonly<Record<number, EntryKind>> = {
  1: 'fifo',
  2: 'character',
  4: 'directory',
  6: 'block',
  8: 'file',
  10: 'link',
  12: 'socket',
};

/** Asks for the entry at `path`, which may be shell text such as `"$p"`; `follow` looks through a symbolic link. */
export function statEntry(path: string | ShellText, options: { follow?: boolean } = {}): ShellText {
  return options.follow ? sh`stat -L -c ${entryFormat} -- ${path}` : sh`stat -c ${entryFormat} -- ${path}`;
}

/**
 * Like {@link statEntry}, and ends the section where something stands at the path: that costs one process. Where nothing does, stat has said so, and `$c` is its
 * code, or 3 if even the directory is missing.
 */
export function statOrAbsent(path: ShellText, directory: ShellText, format = entryFormat): ShellText {
  const stat = sh`stat -c ${format} -- ${path}`;
  return join([
    sh`if [ -e ${path} ] || [ -L ${path} ]; then exec ${stat}; fi`,
    sh`${stat} && exit`,
    sh`c=$?; [ -d ${directory} ] || c=3`,
  ]);
}

/**
 * Reads the answer of {@link statEntry}; undefined where nothing stands at the path.
 * @throws CannotTell where the path could not be looked at: a directory that may not be searched, a loop of links.
 */
export function readEntry(answer: Answer, section: string): Entry | undefined {
  const found = accept(answer, section, [0, 1], 'stat');
  if (found.code === 0) return parseEntry(found.stdout);
  requireAbsent(found);
  return undefined;
}

/** @throws CannotTell unless the error text says that the path is not there */
export function requireAbsent(found: Output): void {
  if (saysAbsent(found)) return;
  throw new CannotTell(
    `could not look at the path: ${found.stderr.trim() || 'nothing was printed (a symbolic link into a missing directory?)'}`,
    {
      advice: 'Run the task as a user who may search the directory (become: true).',
    },
  );
}

/** True if the error text says that the path is not there. The C library words it alike under LC_ALL=C everywhere. */
function saysAbsent(found: Output): boolean {
  return /: (No such file or directory|Not a directory)\s*$/.test(found.stderr);
}

/** @throws CannotTell for anything but a line of {@link statEntry}. */
export function parseEntry(line: string): Entry {
  const match = /^([0-9a-f]+) (\d+) (\d+) (\d+) (\d+) (-?\d+) (\d+) (\d+) (\S+) (.+)\n$/.exec(line);
  const raw = Number.parseInt(match?.[1] ?? '', 16);
  const kind = kinds[raw >> 12];
  if (!match || !kind) throw new CannotTell(`stat printed a line that cannot be read: ${JSON.stringify(line)}`);
  return {
    kind,
    mode: raw & 0o7777,
    links: Number(match[2]),
    uid: Number(match[3]),
    gid: Number(match[4]),
    size: Number(match[5]),
    modified: Number(match[6]),
    device: match[7]!,
    inode: match[8]!,
    owner: match[9]!,
    group: match[10]!,
  };
}

/** Leaves with 75 if the entry at `path` is no longer the one that was probed. */
export function sameEntry(path: string, entry: Entry | undefined): ShellText {
  if (!entry) return sh`if [ -e ${path} ] || [ -L ${path} ]; then exit 75; fi`;
  const raw = ((typeBits(entry.kind) << 12) | entry.mode).toString(16);
  const seen = `${raw} ${entry.uid} ${entry.gid} ${entry.device} ${entry.inode}`;
  // A directory's size and time change with every entry in it: they say nothing about the directory itself.
  if (entry.kind === 'directory') return sh`[ "$(stat -c '%f %u %g %d %i' -- ${path})" = ${seen} ] || exit 75`;
  return sh`[ "$(stat -c '%f %u %g %d %i %s %Y' -- ${path})" = ${`${seen} ${entry.size} ${entry.modified}`} ] || exit 75`;
}

function typeBits(kind: EntryKind): number {
  const found = Object.entries(kinds).find(([, name]) => name === kind);
  return Number(found![0]);
}
