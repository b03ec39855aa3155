import type { ArgumentProblem } from '../../callable.ts';
import { ok } from '../../decision.ts';
import { isHostPath } from '../../host/file/arguments.ts';
import { readEntry, statEntry } from '../../host/file/entry.ts';
import { type FoundEntry, foundText } from '../../host/file/found-text.ts';
import { formatMode } from '../../host/file/mode.ts';
import { patternProblem } from '../../host/lines/pattern.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { raw } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { ageTest, type FindArguments, itemsOf, nameTest, sizeTest } from './arguments.ts';
import { type Found, listBelow, readListing } from './listing.ts';

interface State {
  /** The host's time, in seconds since 1970. */
  readonly now: number;
  readonly found: readonly Found[];
  /** Paths at which there was nothing to look at, and why. */
  readonly skipped: Readonly<Record<string, string>>;
}

const list = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string', minLength: 1 } }] } as const;

export const find = defineModule({
  name: 'find',
  summary: 'Lists files of the host.',
  description:
    'Reads only, so it also runs in check mode, and is never `changed`. Names are compared without their directories. A path that is not there, or no directory, is named in `skipped_paths`; one that may not be read fails the task. `size` and `contains` choose among regular files. The list is sorted by path; it may be 16 MiB long.',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['paths'],
    properties: {
      paths: {
        ...list,
        'x-home': 'list',
        description: 'The absolute paths of the directories to look in. A text is split at commas.',
      },
      patterns: {
        ...list,
        description: 'Globs of which one must match the name; with use_regex patterns. A text is split at commas.',
      },
      excludes: { ...list, description: 'As patterns, but of names that are left out.' },
      use_regex: {
        type: 'boolean',
        default: false,
        description: "patterns and excludes are JavaScript's, and match from the start of the name.",
      },
      file_type: {
        enum: ['file', 'directory', 'link', 'any'],
        default: 'file',
        description: 'Which kind of entry is listed; links are not followed for this.',
      },
      recurse: { type: 'boolean', default: false, description: 'Looks in directories below, too.' },
      depth: {
        type: 'integer',
        minimum: 1,
        description: 'With recurse: how many levels deep; 1 is the directory itself.',
      },
      hidden: { type: 'boolean', default: false, description: 'Lists entries whose names start with a dot, too.' },
      follow: { type: 'boolean', default: false, description: 'With recurse: follows symbolic links to directories.' },
      age: {
        type: 'string',
        pattern: '^-?\\d+[smhdw]?$',
        description: 'At least this old: 90s, 5m, 12h, 2d, 1w. With a minus sign: at most.',
      },
      age_stamp: { enum: ['mtime', 'ctime', 'atime'], default: 'mtime', description: 'The time that age looks at.' },
      size: {
        type: 'string',
        pattern: '^-?\\d+[bkmgt]?$',
        description: 'At least this large: 512, 10k, 5m, 1g, 1t, in powers of 1024. With a minus sign: at most.',
      },
      contains: {
        type: 'string',
        minLength: 1,
        description: 'A POSIX extended regular expression (grep -E) that a line of the file must match from its start.',
      },
    },
  },
  returns: {
    type: 'object',
    properties: {
      files: {
        type: 'array',
        description: 'What was found.',
        items: {
          type: 'object',
          required: ['path'],
          properties: {
            path: { type: 'string', description: 'Its absolute path.' },
            isreg: { type: 'boolean', description: 'A regular file.' },
            isdir: { type: 'boolean', description: 'A directory.' },
            islnk: { type: 'boolean', description: 'A symbolic link.' },
            isblk: { type: 'boolean', description: 'A block device.' },
            ischr: { type: 'boolean', description: 'A character device.' },
            isfifo: { type: 'boolean', description: 'A named pipe.' },
            issock: { type: 'boolean', description: 'A socket.' },
            mode: { type: 'string', description: 'Four octal digits.' },
            uid: { type: 'integer', description: 'The number of its owner.' },
            gid: { type: 'integer', description: 'The number of its group.' },
            pw_name: { type: 'string', description: 'The name of its owner.' },
            gr_name: { type: 'string', description: 'The name of its group.' },
            size: { type: 'integer', description: 'Bytes.' },
            nlink: { type: 'integer', description: 'How many names it has.' },
            inode: { type: 'integer', description: 'The number of its inode.' },
            mtime: { type: 'integer', description: 'When its content was changed, in seconds since 1970.' },
            atime: { type: 'integer', description: 'When it was read.' },
            ctime: { type: 'integer', description: 'When its attributes were changed.' },
          },
        },
      },
      matched: { type: 'integer', description: 'How many were found.' },
      examined: { type: 'integer', description: 'How many the host named, before age, size and use_regex.' },
      skipped_paths: {
        type: 'object',
        additionalProperties: { type: 'string' },
        description: 'Paths that were not looked at, and why.',
      },
    },
  },
  found: ({ files, skipped_paths }) =>
    [
      ...(files as readonly FoundEntry[]).map(foundText),
      ...Object.entries(skipped_paths as object).map(([path, why]) => `${path}: ${why}`),
    ].join('\n'),
  examples: [
    'name: Old crash dumps\nfind:\n  paths: /var/crash\n  patterns: ["*.dump", "*.core"]\n  age: 4w\n  recurse: true\nregister: dumps\n',
  ],
  problems,
  probe(args) {
    const sections = itemsOf(args.paths).flatMap((path, at) => [
      [`entry-${at}`, statEntry(path, { follow: true })] as const,
      [`list-${at}`, listBelow(path, args)] as const,
    ]);
    return script({ now: raw('date +%s'), ...Object.fromEntries(sections) }, { limit: 600 });
  },
  read(answer, args): State {
    const now = accept(answer, 'now', [0], 'date').stdout;
    if (!/^\d+\n$/.test(now)) throw new CannotTell(`date printed no time: ${JSON.stringify(now)}`);
    const skipped: Record<string, string> = {};
    const found = itemsOf(args.paths).flatMap((path, at) => {
      const entry = readEntry(answer, `entry-${at}`);
      if (entry?.kind === 'directory') return readListing(answer, `list-${at}`);
      skipped[path] = entry ? `is a ${entry.kind}, not a directory` : 'does not exist';
      return [];
    });
    return { now: Number(now), found, skipped };
  },
  decide(args, { now, found, skipped }) {
    const unreadable = found.filter(({ path }) => path.includes('\ufffd')).map(({ path }) => path);
    const leftOut = unreadable.length === 0 ? '' : `, ${unreadable.length} left out whose names are not UTF-8`;
    const files = found.filter(chosen(args, now)).filter(({ path }) => !unreadable.includes(path));
    files.sort((one, other) => (one.path < other.path ? -1 : 1));
    const result = {
      files: files.map(described),
      matched: files.length,
      examined: found.length,
      skipped_paths: { ...skipped, ...Object.fromEntries(unreadable.map(path => [path, 'its name is not UTF-8'])) },
    };
    return ok(`looked: ${files.length} of ${found.length} entries match${leftOut}`, { result });
  },
});

function chosen(args: FindArguments, now: number): (entry: Found) => boolean {
  const [isName, isAge, isSize] = [nameTest(args), ageTest(args.age), sizeTest(args.size)];
  const stamps = { mtime: 'modified', ctime: 'changed', atime: 'accessed' } as const;
  const stamp = stamps[args.age_stamp];
  return entry =>
    (args.file_type === 'any' || entry.kind === args.file_type) &&
    isName(entry.path.replace(/^.*\//s, '')) &&
    isAge(now - entry[stamp]) &&
    (args.size === undefined || (entry.kind === 'file' && isSize(entry.size)));
}

function described(entry: Found): object {
  const { path, kind, mode, uid, gid, owner, group, size, links, inode, modified, accessed, changed } = entry;
  return {
    path,
    isreg: kind === 'file',
    isdir: kind === 'directory',
    islnk: kind === 'link',
    isblk: kind === 'block',
    ischr: kind === 'character',
    isfifo: kind === 'fifo',
    issock: kind === 'socket',
    mode: formatMode(mode),
    uid,
    gid,
    pw_name: owner,
    gr_name: group,
    size,
    nlink: links,
    inode: Number(inode),
    mtime: modified,
    atime: accessed,
    ctime: changed,
  };
}

function problems(args: FindArguments): ArgumentProblem[] {
  const paths = itemsOf(args.paths);
  if (paths.length === 0) return [{ argument: 'paths', message: 'names no path' }];
  const relative = paths.find(path => !isHostPath(path));
  if (relative !== undefined) return [{ argument: 'paths', message: `${relative} is not an absolute path` }];
  if (args.depth !== undefined && !args.recurse) {
    return [{ argument: 'depth', message: 'has no meaning without recurse: true' }];
  }
  if (/\\d|\(\?/.test(args.contains ?? '')) {
    return [{ argument: 'contains', message: 'is for grep -E, which knows no \\d and no (?…): write [0-9]' }];
  }
  return (['patterns', 'excludes'] as const).flatMap(argument => {
    const items = itemsOf(args[argument]);
    const message = args.use_regex
      ? items.map(patternProblem).find(problem => problem !== undefined)
      : items.some(item => item.includes('/')) && 'is compared with names, not with paths: there is no / in them';
    return message ? [{ argument, message }] : [];
  });
}
