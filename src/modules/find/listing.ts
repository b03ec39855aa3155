import { type Entry, entryAt, parseEntry } from '../../host/file/entry.ts';
import { CannotTell } from '../../shell/answer.ts';
import { entryFormat } from '../../shell/functions/formats.ts';
import { all, ask, type Look, later, map, own } from '../../shell/look.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Output } from '../../shell/script.ts';
import { itemsOf } from './arguments.ts';
import type { Args } from './schema.ts';

/** An entry below one of the paths. */
export interface Found extends Entry {
  readonly path: string;
  /** Seconds since 1970. */
  readonly accessed: number;
  /** Seconds since 1970 of the last change of its attributes. */
  readonly changed: number;
}

/**
 * Names end with NUL, since they may hold a newline; an empty one ends the list, and what stat says
 * of them follows in the same order.
 */
const describe = `printf '%s\\0' "$@"; printf '\\0'; stat -c '%n %X %Z ${entryFormat}' -- "$@"; printf '\\0'`;

/** What follows the last entry: without it the answer was cut off. */
const last = 'end';

/** What is below a directory; or why a path was skipped. */
export interface Contents {
  readonly path: string;
  readonly found: readonly Found[];
  readonly skipped: string | undefined;
}

/** What is at and below a path. @throws CannotTell */
export function contentsOf(path: string, args: Args): Look<Contents> {
  const looks = all({ [own]: entryAt(path, { follow: true }), list: later(listing(path, args)) });
  return map(looks, ({ [own]: entry, list }) => {
    if (entry?.kind === 'directory') return { path, found: list(), skipped: undefined };
    return { path, found: [], skipped: entry ? `is a ${entry.kind}, not a directory` : 'does not exist' };
  });
}

/** Lists what lies below a directory, as far as the host can tell that it fits. */
function listBelow(path: string, args: Args): ShellText {
  const { recurse, depth, hidden, follow, contains } = args;
  const levels = recurse ? depth : 1;
  const types = { any: false, directory: raw('-type d'), file: raw('-type f'), link: raw('-type l') } as const;
  const list = join(
    [
      follow ? sh`find -L ${path} -mindepth 1` : sh`find -H ${path} -mindepth 1`,
      levels !== undefined && sh`-maxdepth ${levels}`,
      !hidden && sh`! -name ${'.*'}`,
      ...(args.use_regex ? [] : names(args)),
      // With -L a link has the type of what it points to: there the entry itself is asked for its
      // kind.
      !follow && types[args.file_type],
      contains !== undefined && sh`-type f -exec grep -qE -e ${`^(${contains})`} ${'{}'} ${';'}`,
      raw('-print0'),
    ],
    ' ',
  );
  return join([
    sh`if [ ! -d ${path} ]; then exit 0; fi`,
    raw('command -v find >/dev/null || exit 127'),
    // busybox counts its arguments too late for -exec … +, and then fails.
    sh`{ ${list}; c=$?; [ $c -le 1 ] || echo "find exited with code $c" >&2; } | xargs -0 -r sh -c ${describe} sh`,
    raw(`c=$?; printf ${last}; exit $c`),
  ]);
}

/**
 * What lies below a directory. What went away meanwhile is left out.
 * @throws CannotTell where a part could not be looked at, or the answer is not whole
 */
function listing(path: string, args: Args): Look<readonly Found[]> {
  return map(ask('find', listBelow(path, args)), foundIn);
}

function foundIn({ stdout, stderr }: Output): readonly Found[] {
  const wrong = stderr.split('\n').find(line => line.trim() !== '' && !isHarmless(line));
  if (wrong !== undefined) {
    throw new CannotTell(`could not look at all that lies below: ${wrong}`, {
      advice: 'Become a user who may read it all (become: true), or name the paths that may be read.',
    });
  }
  if (stdout === '') return [];
  if (!stdout.endsWith(last)) {
    throw new CannotTell('there is more than an answer of 16 MiB holds', {
      advice: 'Say more narrowly what is looked for: paths, patterns, depth.',
    });
  }
  return readBatches(stdout.slice(0, -last.length).split('\0'));
}

function names(args: Args): readonly (ShellText | false)[] {
  const wanted = itemsOf(args.patterns).map(pattern => sh`-name ${pattern}`);
  const unwanted = itemsOf(args.excludes).map(pattern => sh`! -name ${pattern}`);
  return [wanted.length > 0 && sh`${'('} ${join(wanted, ' -o ')} ${')'}`, ...unwanted];
}

/** Gone meanwhile, or a link that leads to where find is already. */
function isHarmless(line: string): boolean {
  return (
    /: (No such file or directory|Not a directory|Too many levels of symbolic links)$/.test(line) ||
    /^find: File system loop detected; /.test(line)
  );
}

function readBatches(parts: readonly string[]): readonly Found[] {
  const found: Found[] = [];
  let paths: string[] = [];
  let ended = false;
  for (const part of parts) {
    if (ended) {
      found.push(...readBatch(paths, part));
      paths = [];
      ended = false;
    } else if (part === '') ended = true;
    else paths.push(part);
  }
  return found;
}

function readBatch(paths: readonly string[], text: string): readonly Found[] {
  let at = 0;
  const found = paths.flatMap(path => {
    const end = text.indexOf('\n', at + path.length) + 1;
    const rest = text.slice(at + path.length, end);
    const [, accessed, changed, line] = /^ (-?\d+) (-?\d+) (.+\n)$/.exec(rest) ?? [];
    if (line === undefined || !text.startsWith(path, at)) return [];
    at = end;
    return [{ ...parseEntry(line), path, accessed: Number(accessed), changed: Number(changed) }];
  });
  if (at === text.length) return found;
  throw new CannotTell(`stat printed a line that cannot be read: ${JSON.stringify(text.slice(at, at + 200))}`);
}
