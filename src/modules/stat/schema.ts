import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { hostPath } from '../../host/file/arguments.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    path: {
      ...hostPath,
      'x-aliases': ['dest', 'name'],
      description: 'The absolute path to look at.',
    },
    follow: { type: 'boolean', default: false, description: 'Looks at what a symbolic link points to.' },
    get_checksum: {
      type: 'boolean',
      default: true,
      description: 'Hashes a regular file; false for files of many GiB.',
    },
    checksum_algorithm: {
      enum: ['md5', 'sha1', 'sha256', 'sha512'],
      default: 'sha256',
      description: 'The hash of checksum.',
    },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    stat: {
      type: 'object',
      description: 'What is there. Where exists is false, it has no other field.',
      required: ['exists'],
      properties: {
        exists: { type: 'boolean', description: 'Whether anything is there.' },
        path: { type: 'string', description: 'The path that was asked for.' },
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
        mtime: { type: 'integer', description: 'Seconds since 1970.' },
        inode: { type: 'integer', description: 'The number of its inode.' },
        checksum: { type: 'string', description: 'Of a regular file, where get_checksum is true.' },
        lnk_target: { type: 'string', description: 'What a symbolic link says.' },
        lnk_source: { type: 'string', description: 'Where a symbolic link leads in the end.' },
      },
    },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Look at the pool file
  stat:
    path: /etc/lvm/lvm.conf
  register: lvm_conf
`,
];
