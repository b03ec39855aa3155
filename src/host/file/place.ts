import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { type Entry, rawMode, seenAs } from './entry.ts';
import type { Ids } from './ids.ts';
import { keptName } from './kept.ts';
import { chmodMode, formatMode } from './mode.ts';

/** The directory and the name of a path, as the shell functions that write take them. */
export function partsOf(path: string): { readonly directory: string; readonly name: string } {
  const { dir, base } = posix.parse(path.replace(/(.)\/+$/, '$1'));
  return { directory: dir === '' ? '/' : dir.replace(/(.)\/+$/, '$1'), name: base };
}

/** The shell variable with the key of what was sent ahead for a goal. */
export function sentKey(path: string): string {
  return `hw_sent_${createHash('sha256').update(path).digest('hex').slice(0, 12)}`;
}

/** The attributes of a new file; an owner that is not given is the one who writes. */
export interface Placed extends Ids {
  readonly mode: number;
}

/** Who owns a path, as chown takes it; empty where that is not owned. */
export function ownerText({ uid, gid }: Ids): string {
  return `${uid ?? ''}${gid === undefined ? '' : `:${gid}`}`;
}

/** The steps between which a file is written. */
export interface Steps {
  /** What was seen at the path. */
  readonly seen: Entry | undefined;
  readonly placed: Placed;
  /**
   * Writes the content to descriptor 3; `sent` where it was sent ahead, undefined where it is
   * empty.
   */
  readonly write: ShellText | 'sent' | undefined;
  /** Looks at what is there, `$hw_t`, before anything is written. */
  readonly still?: ShellText | undefined;
  /** Looks at the new file, `$hw_k`, before it takes its place. */
  readonly check?: ShellText | undefined;
  /** Whether what was there is kept under another name. */
  readonly backup?: boolean | undefined;
}

/**
 * Writes a file as a whole: at no moment is there one at `path` that is incomplete or has other
 * attributes, and no other user
 * of the host can lead the writing elsewhere. Leaves with 75, with nothing changed, if what is at
 * `path` is not what was seen.
 */
export function writeFile(path: string, { seen, placed, write, still, check, backup }: Steps): ShellText {
  const { directory, name } = partsOf(path);
  const was = seenAs(seen);
  const { uid = '*', gid = '*', mode } = placed;
  const kept = keptName(path, seen);
  const is = `${rawMode('file', mode)}:${uid}:${gid}`;
  return join(
    [
      sh`umask ${(0o777 & ~mode).toString(8).padStart(3, '0')}`,
      write === 'sent'
        ? sh`hw_take "$${raw(sentKey(path))}" ${directory} ${name} ${was}`
        : sh`hw_open ${directory} ${name} ${was}`,
      still,
      sh`hw_own ${is} ${ownerText(placed)} ${formatMode(mode)}`,
      write === 'sent' ? undefined : write,
      check,
      backup && raw('hw_backup'),
      kept !== undefined && sh`hw_keep ${kept}`,
      raw('hw_place'),
    ],
    ' &&\n',
  );
}

/** Makes one directory, which no one can reach before it has its owner and mode. */
export function makeDirectory(path: string, { mode, ...ids }: Ids & { readonly mode?: number }): ShellText {
  const { directory, name } = partsOf(path);
  return sh`hw_mkdir ${directory} ${name} ${ownerText(ids)} ${mode === undefined ? '' : chmodMode(mode, true)}`;
}
