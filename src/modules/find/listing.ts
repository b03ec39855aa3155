import { type Entry, parseEntry } from '../../host/file/entry.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { entryFormat } from '../../shell/functions/formats.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
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

/** Lists what lies below a directory, as far as the host can tell that it fits. */
export function listBelow(path: string, args: Args): ShellText {
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
 * Reads the answer of {@link listBelow}. What went away meanwhile is left out.
 * @throws CannotTell where a part could not be looked at, or the answer is not whole
 */
export function readListing(answer: Answer, section: string): readonly Found[] {
  const { stdout, stderr } = accept(answer, section, [0], 'find');
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
  for (let at = 0; at < parts.length - 1; at += 1) {
    if (parts[at] !== '') {
      paths.push(parts[at]!);
      continue;
    }
    at += 1;
    found.push(...readBatch(paths, parts[at]!));
    paths = [];
  }
  return found;
}

function readBatch(paths: readonly string[], text: string): readonly Found[] {
  let at = 0;
  const found = paths.flatMap(path => {
    const end = text.indexOf('\n', at + path.length) + 1;
    const match = /^ (-?\d+) (-?\d+) (.+\n)$/.exec(text.slice(at + path.length, end));
    if (!match || !text.startsWith(path, at)) return [];
    at = end;
    return [{ ...parseEntry(match[3]!), path, accessed: Number(match[1]), changed: Number(match[2]) }];
  });
  if (at === text.length) return found;
  throw new CannotTell(`stat printed a line that cannot be read: ${JSON.stringify(text.slice(at, at + 200))}`);
}
