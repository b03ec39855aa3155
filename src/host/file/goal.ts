import { createHash } from 'node:crypto';
import { CannotTell } from '../../shell/answer.ts';
import { all, type Look, later, map, own } from '../../shell/look.ts';
import { inShell, join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { type Entry, parseEntry, placeAnswer } from './entry.ts';
import { sha256 } from './hash.ts';

/** The file that a task writes as a whole: where it really is, and what stands there. */
export interface Goal {
  /** After a directory was completed with a file name and, where asked for, links were followed. */
  readonly path: string;
  readonly entry: Entry | undefined;
  /** The directory that it would lie in is missing. */
  readonly homeless?: boolean;
  /** It is a link that leads to a directory. */
  readonly toDirectory?: boolean;
  /** The content, where it was asked for and small enough. */
  readonly bytes?: Uint8Array;
  /** Of the content, lower-case hex, where it is known. */
  readonly sha256?: string;
}

export interface GoalOptions {
  /** The file name that completes `dest` if it is a directory. */
  readonly name?: string | undefined;
  /** Looks through a symbolic link at the end of `dest`. */
  readonly follow?: boolean;
  /**
   * A file of exactly this size is hashed, whatever it is: it may be the one that is wanted. With
   * `any`, each file is.
   */
  readonly size?: number | ShellText | 'any' | undefined;
  /** Bytes up to which the content comes back. */
  readonly most?: number;
}

/**
 * How long a host may take to read and hash so many bytes, in seconds: 4 MiB in each, for others
 * may use its disk, and never less than any look may take.
 */
export function secondsToRead(bytes: number): number {
  return Math.max(30, Math.ceil(bytes / 2 ** 22));
}

/** Text up to this size travels in the frame, and is shown in diffs. */
export const smallFile = 64 * 1024;

/**
 * The goal of `dest`. Where nothing is there, that starts no process, and a file of up to 2 KiB
 * costs one: a play of many files asks for thousands.
 */
export function fileGoal(dest: string, options: GoalOptions = {}): Look<Goal> {
  const most = options.most ?? smallFile;
  return goalOf(lookAt(dest, options, most), hashOf(findGoal(dest, options), most, options.size), most);
}

/** The goal at `$p`, which `find` sets: one whose path only the host knows. */
export function foundGoal(
  find: ShellText,
  { most = smallFile, size }: Pick<GoalOptions, 'most' | 'size'> = {},
): Look<Goal> {
  return goalOf(join([find, sh`hw_look "$p" ${most}`]), hashOf(find, most, size), most);
}

function goalOf(place: ShellText, hash: Look<string | undefined> | undefined, most: number): Look<Goal> {
  const looks = all({ [own]: placeOf(place), hash: hash && later(hash) });
  return map(looks, ({ [own]: found, hash }) => {
    const { path, entry, homeless, rest } = found;
    if (entry?.kind === 'link') return { path, entry, toDirectory: rest.length > 0 };
    if (entry?.kind !== 'file') return { path, entry, homeless };
    const bytes = entry.size <= most ? rest : undefined;
    if (bytes && bytes.length !== entry.size) {
      throw new CannotTell(`${path} changed while it was read`, { advice: 'Run again; find out what writes to it.' });
    }
    const digits = bytes ? sha256Of(bytes) : hash?.();
    return { path, entry, homeless, ...(bytes && { bytes }), ...(digits !== undefined && { sha256: digits }) };
  });
}

/**
 * The hash of `$p` where it has this size, and is too large for its content to come back; undefined
 * where the size is another.
 */
function hashOf(find: ShellText, most: number, size: GoalOptions['size']): Look<string | undefined> | undefined {
  if (size === undefined || (typeof size === 'number' && size <= most)) return undefined;
  const hash = join([
    find,
    raw('if [ ! -f "$p" ] || [ -L "$p" ]; then exit 0; fi'),
    size === 'any'
      ? raw('exec sha256sum < "$p"')
      : sh`if [ "$(stat -c %s -- "$p")" -eq ${size} ]; then exec sha256sum < "$p"; fi`,
  ]);
  return sha256(hash);
}

/** Looks at the goal of `dest`; up to so many bytes its content comes with it. */
function lookAt(dest: string, { name, follow }: GoalOptions, most: number): ShellText {
  const here = (path: string) => (follow ? sh`hw_through ${path} ${most}` : sh`hw_look ${path} ${most}`);
  if (name === undefined || dest.endsWith('/')) return inShell(here(dest + (name ?? '')));
  return inShell(sh`if [ -d ${dest} ]; then ${here(`${dest}/${name}`)}; else ${here(dest)}; fi`);
}

/** Where a goal is, and what is there. */
export interface Place {
  readonly path: string;
  readonly entry: Entry | undefined;
  readonly homeless: boolean;
  /** What came behind the path: the content, where it was asked for. */
  readonly rest: Uint8Array;
}

/** The place at `$p`, which `find` sets; its content is left alone. */
export function foundPlace(find: ShellText): Look<Place> {
  return placeOf(join([find, raw('hw_look "$p" -1')]));
}

/** The line of stat, the path and a NUL; the path alone where nothing is there. */
function placeOf(text: ShellText): Look<Place> {
  return map(placeAnswer(text), ({ bytes, code }) => {
    const end = bytes.indexOf(0);
    const told = new TextDecoder().decode(bytes.subarray(0, Math.max(0, end)));
    const at = code === 0 ? told.indexOf('\n') + 1 : 0;
    const path = told.slice(at);
    if (!path.startsWith('/')) {
      throw new CannotTell(`the host named ${JSON.stringify(path)} as the goal, which is not an absolute path`);
    }
    const entry = at === 0 ? undefined : parseEntry(told.slice(0, at));
    return { path, entry, homeless: code === 3, rest: bytes.subarray(end + 1) };
  });
}

/** The text of bytes that are UTF-8 without NUL; undefined for anything else. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Lower-case hex. */
export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Sets `$p` to the path that `dest` means. */
export function findGoal(dest: string, options: GoalOptions): ShellText {
  return join([
    sh`p=${options.name !== undefined && dest.endsWith('/') ? dest + options.name : dest}`,
    options.name !== undefined && !dest.endsWith('/') && sh`if [ -d "$p" ]; then p="\${p%/}"/${options.name}; fi`,
    options.follow && raw('if [ -L "$p" ]; then hw_follow; fi'),
  ]);
}
