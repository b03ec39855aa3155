import type { ArgsOf, ObjectSchema } from '../../callable.ts';

const list = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string', minLength: 1 } }] } as const;

export const args = {
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
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
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
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Old crash dumps
  find:
    paths: /var/crash
    patterns: ["*.dump", "*.core"]
    age: 4w
    recurse: true
  register: dumps
`,
];
