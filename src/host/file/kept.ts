import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Change } from '../../decision.ts';
import type { ReplacedFile } from '../../events/result.ts';
import { type Entry, seenAs } from './entry.ts';
import { formatMode } from './mode.ts';

/**
 * Bytes up to which a file that is replaced is kept: a larger one would hold the room that its
 * successor needs.
 */
const mostKept = 16 * 1024 * 1024;

/**
 * The name under which the folder of what a run replaced on a host has the file that is at a path;
 * undefined where that is not a file, or too large to be kept.
 */
export function keptName(path: string, entry: Entry | undefined): string | undefined {
  if (entry?.kind !== 'file' || entry.size > mostKept) return undefined;
  const which = createHash('sha256')
    .update(`${path}\0${seenAs(entry)}`)
    .digest('hex')
    .slice(0, 12);
  return `${which}-${posix
    .basename(path)
    .replace(/[^\w.-]/g, '_')
    .slice(0, 60)}`;
}

/** What is known of the content of a file that is replaced. */
export interface Contents {
  /** SHA-256 of what is there, where it is known. */
  readonly sha256?: string | undefined;
  /** SHA-256 of what takes its place, where it is known. */
  readonly after?: string | undefined;
}

/** What a change of a file as a whole replaces, as a part of that change. */
export function replacing(path: string, entry: Entry | undefined, contents: Contents): Pick<Change, 'replaces'> {
  if (entry?.kind !== 'file') return {};
  const { size, mode, uid, gid } = entry;
  const kept = keptName(path, entry);
  const { sha256, after } = contents;
  const file: ReplacedFile = {
    kind: 'file',
    path,
    size,
    mode: formatMode(mode),
    uid,
    gid,
    ...(kept !== undefined && { kept }),
    ...(sha256 !== undefined && { sha256 }),
    ...(after !== undefined && { after }),
  };
  return { replaces: [file] };
}
