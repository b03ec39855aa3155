import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import { accept, CannotTell } from '../module.ts';
import { type Entry, entryFormat, parseEntry, requireAbsent, sameEntry, statOrAbsent } from './entry.ts';

/** The file that a task writes as a whole: where it really is, and what stands there. */
export interface Goal {
  /** After a directory was completed with a file name and, where asked for, links were followed. */
  readonly path: string;
  readonly entry: Entry | undefined;
  /** The directory that it would lie in is missing. */
  readonly homeless?: boolean;
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
  /** A file of exactly this size is hashed, whatever its size: it may be the one that is wanted. */
  readonly size?: number | ShellText | undefined;
  /** Bytes up to which the content comes back. */
  readonly most?: number;
}

/** How long a host may take to read and hash so many bytes, in seconds: 4 MiB in each, for others may use its disk, and never less than any look may take. */
export function secondsToRead(bytes: number): number {
  return Math.max(30, Math.ceil(bytes / 2 ** 22));
}

/** Text up to this size travels in the frame, and is shown in diffs. */
export const smallFile = 64 * 1024;

/**
 * Sections that find the goal of `dest` and look at it. They cost one process each: a play of many files asks for thousands.
 */
export function probeGoal(dest: string, options: GoalOptions = {}): Record<string, ShellText> {
  return probeFound(findGoal(dest, options), options);
}

/** Sections that look at `$p`, which `find` sets: a goal whose path only the host knows. */
export function probeFound(find: ShellText, options: Pick<GoalOptions, 'most' | 'size'>): Record<string, ShellText> {
  const most = options.most ?? smallFile;
  const regular = raw('if [ ! -f "$p" ] || [ -L "$p" ]; then exit 0; fi');
  return {
    entry: statPlace(find),
    body: join([find, regular, sh`exec head -c ${most + 1} < "$p"`]),
    ...(options.size !== undefined &&
      (typeof options.size !== 'number' || options.size > most) && {
        hash: join([
          find,
          regular,
          sh`if [ "$(stat -c %s -- "$p")" -eq ${options.size} ]; then exec sha256sum < "$p"; fi`,
        ]),
      }),
  };
}

/** Looks at `$p`, which `find` has set. */
export function statPlace(find: ShellText): ShellText {
  // The path itself follows the line of stat. Where nothing is there, it is all that is printed.
  const look = statOrAbsent(raw('"$p"'), raw('"${p%/*}/"'), `${entryFormat}\n%n`);
  return join([find, look, raw(`printf '%s\\n' "$p"; exit $c`)]);
}

/** @throws CannotTell */
export function readGoal(answer: Answer, most: number = smallFile): Goal {
  const { path, entry, homeless } = readPlace(answer);
  if (entry?.kind !== 'file') return { path, entry, homeless };
  const bytes = entry.size <= most ? accept(answer, 'body', [0], 'head').bytes : undefined;
  if (bytes && bytes.length !== entry.size) {
    throw new CannotTell(`${path} changed while it was read`, { advice: 'Run again; find out what writes to it.' });
  }
  const sha256 = bytes ? sha256Of(bytes) : hashIn(answer);
  return { path, entry, homeless, ...(bytes && { bytes }), ...(sha256 !== undefined && { sha256 }) };
}

/**
 * Reads the answer of {@link statPlace} in the section `entry`.
 * @throws CannotTell
 */
export function readPlace(answer: Answer): { path: string; entry: Entry | undefined; homeless: boolean } {
  const found = accept(answer, 'entry', [0, 1, 3], 'stat');
  const at = found.code === 0 ? found.stdout.indexOf('\n') + 1 : 0;
  const path = found.stdout.slice(at, -1);
  if (found.code !== 0) requireAbsent(found);
  if (!path.startsWith('/')) {
    throw new CannotTell(`the host named ${JSON.stringify(path)} as the goal, which is no absolute path`);
  }
  return { path, entry: at === 0 ? undefined : parseEntry(found.stdout.slice(0, at)), homeless: found.code === 3 };
}

/** Leaves with 75 if the goal is no longer as it was probed. */
export function sameGoal(goal: Goal): ShellText {
  const hash = goal.sha256 !== undefined && sh`[ "$(sha256sum < ${goal.path})" = ${`${goal.sha256}  -`} ] || exit 75`;
  return join([sameEntry(goal.path, goal.entry), hash]);
}

/** The temporary name beside `path` where its new content is put; short enough for any file system. */
export function partOf(path: string): string {
  const { dir, base } = posix.parse(path);
  const name = Buffer.byteLength(base) > 230 ? sha256Of(Buffer.from(base)).slice(0, 16) : base;
  return posix.join(dir, `.${name}.hostwright-part`);
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
    // The x keeps a newline at the end of a name, which $(…) would cut off.
    options.follow && raw('if [ -L "$p" ]; then p=$(readlink -f -- "$p" && echo x) || exit; p=${p%??}; fi'),
  ]);
}

function hashIn(answer: Answer): string | undefined {
  if (!answer.hash) return undefined;
  const line = accept(answer, 'hash', [0], 'sha256sum').stdout;
  return /^[0-9a-f]{64}(?= )/.exec(line)?.[0];
}
