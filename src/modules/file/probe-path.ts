import type { Refuse } from '../../decision.ts';
import { lookUpIds, readIds } from '../../host/file/attributes.ts';
import {
  acceptLook,
  type Entry,
  parseEntry,
  readEntry,
  requireAbsent,
  statEntry,
  statOrAbsent,
} from '../../host/file/entry.ts';
import type { Ids } from '../../host/file/ids.ts';
import { mountsWithin, readMounts } from '../../host/file/mounts.ts';
import { printEntry, readEntryPath, tidyPath } from '../../host/file/resolve.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { inShell, type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import type { Args } from './schema.ts';
import { printSystemDirectories } from './system-directories.ts';

export interface PathState {
  readonly ids: Ids | Refuse;
  /** The entry itself, a link not followed. */
  readonly entry: Entry | undefined;
  /** What it leads to: the entry itself, but for a link that is followed. */
  readonly target: Entry | undefined;
  /** The directory that it would lie in is missing. */
  readonly homeless: boolean;
  /** What a link says. */
  readonly link?: string;
  /** What src is, seen from the link's directory. */
  readonly source?: Entry | undefined;
  /** Of a directory: up to a hundred paths below it. */
  readonly listing?: readonly string[];
  /** Where the entry really lies: the path without links in its parents. */
  readonly real?: string | undefined;
  /** The directories of the system that the entry is, by whatever name. */
  readonly system?: readonly string[];
  /** Mount points at the real path or below it. */
  readonly mounts?: readonly string[];
  /** Distinct attributes of what lies below, with how many entries have them. */
  readonly below?: readonly Below[];
}

export interface Below extends Pick<Entry, 'mode' | 'uid' | 'gid'> {
  readonly count: number;
  readonly kind: 'directory' | 'link' | 'other';
}

/** The questions about a path, as sections of a probe. */
export function probePath(args: Args): Record<string, ShellText> {
  const { state, src, recurse } = args;
  // What is removed is the entry itself: with a slash behind it, a link would be what it leads to.
  const path = state === 'absent' ? tidyPath(args.path) : args.path;
  // Greedy from the front: from the back each character of a path would be tried.
  const home = /^(.*\/)[^/]+\/*$/s.exec(path)?.[1] ?? '';
  const entry = statOrAbsent(path, home);
  const both = sh`${statEntry(path)} && ${statEntry(path, { follow: true })}`;
  return {
    entry: follows(args) ? inShell(sh`if [ -L ${path} ]; then ${both}; else ${entry}; fi`) : entry,
    ...((state === 'link' || state === 'hard') && {
      link: sh`if [ -L ${path} ]; then readlink -- ${path}; fi`,
      source: statEntry(src!.startsWith('/') ? src! : `${path.replace(/[^/]*$/, '')}${src}`, { follow: true }),
    }),
    ...(state === 'absent' && {
      // The list is for the diff: what may not be read is removed by who may.
      listing: sh`if [ -d ${path} ] && [ ! -L ${path} ]; then find ${path} 2>/dev/null | head -n 101; fi`,
      real: printEntry(path),
      system: sh`if [ -d ${path} ] && [ ! -L ${path} ]; then ${printSystemDirectories(path)}; fi`,
      mounts: sh`cat /proc/self/mountinfo`,
    }),
    ...(recurse && {
      below: sh`if [ -d ${path}/ ]; then find ${path}/ -exec stat -c '%f %u %g' -- {} + | sort | uniq -c; fi`,
    }),
    ...lookUpIds(args),
  };
}

/** @throws CannotTell */
export function readPath(answer: Answer, args: Args): PathState {
  const { state, recurse } = args;
  const real = state === 'absent' ? readEntryPath(answer, 'real') : undefined;
  const linking = state === 'link' || state === 'hard';
  const found = acceptLook(answer);
  // Of a link that leads nowhere, stat has said so.
  if (found.code !== 0 && found.stderr !== '') requireAbsent(found);
  const end = found.stdout.indexOf('\n') + 1;
  const [line, further] = [found.stdout.slice(0, end), found.stdout.slice(end)];
  const entry = found.code === 0 || found.stdout !== '' ? parseEntry(line) : undefined;
  const followed = entry?.kind === 'link' && follows(args);
  // A link that leads nowhere has a line, and a code that is not 0.
  const behind = found.code === 0 && (followed || further !== '') ? parseEntry(further) : undefined;
  return {
    ids: readIds(answer, args),
    entry,
    target: followed ? behind : entry,
    homeless: found.code === 3,
    ...(linking && {
      link: accept(answer, 'link', [0], 'readlink').stdout.replace(/\n$/, ''),
      source: readEntry(answer, 'source'),
    }),
    ...(state === 'absent' && {
      listing: accept(answer, 'listing', [0], 'find').stdout.split('\n').slice(0, -1),
      real,
      system: accept(answer, 'system', [0], 'The look at directories of the system').stdout.split('\n').filter(Boolean),
      mounts: real === undefined ? [] : mountsWithin(readMounts(answer, 'mounts'), real),
    }),
    ...(recurse && { below: readBelow(answer) }),
  };
}

function follows({ state, follow }: Args): boolean {
  return follow && state !== 'absent' && state !== 'link' && state !== 'hard';
}

function readBelow(answer: Answer): Below[] {
  const found = accept(answer, 'below', [0], 'find');
  if (found.stderr.trim() !== '') throw new CannotTell(`could not look at all that lies below: ${found.stderr.trim()}`);
  return found.stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const match = /^ *(\d+) ([0-9a-f]+) (\d+) (\d+)$/.exec(line);
      if (!match) throw new CannotTell(`find and stat printed a line that cannot be read: ${JSON.stringify(line)}`);
      const bits = Number.parseInt(match[2]!, 16);
      const kind = bits >> 12 === 4 ? 'directory' : bits >> 12 === 10 ? 'link' : 'other';
      return { count: Number(match[1]), mode: bits & 0o7777, uid: Number(match[3]), gid: Number(match[4]), kind };
    });
}
