import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { pathPattern } from '../../host/file/arguments.ts';

const digit = {
  anyOf: [
    { type: 'integer', minimum: 0, maximum: 9 },
    { type: 'string', pattern: '^[0-9]$' },
  ],
  default: 0,
} as const;

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'state'],
  properties: {
    path: {
      type: 'string',
      pattern: `${pathPattern}|^none$|^swap$`,
      'x-aliases': ['name'],
      description: 'The mount point; for swap space none.',
    },
    src: {
      type: 'string',
      minLength: 1,
      description: 'The device, UUID=…, LABEL=…, host:/path, or any word for file systems without a device.',
    },
    fstype: {
      type: 'string',
      pattern: '^[a-z0-9._,-]+$',
      description: 'The type of the file system: ext4, xfs, hugetlbfs, nfs4.',
    },
    opts: {
      type: 'string',
      pattern: '^\\S+$',
      default: 'defaults',
      description: 'Options with commas between them.',
    },
    state: {
      enum: ['mounted', 'present', 'absent', 'unmounted', 'remounted'],
      description:
        'mounted: in fstab and mounted. present: in fstab. unmounted: not mounted, fstab left ' +
        'alone. absent: not mounted and not in fstab. remounted: mounted again each time.',
    },
    dump: { ...digit, description: 'The fifth field of fstab.' },
    passno: {
      ...digit,
      description: 'The sixth field of fstab: the order of fsck.',
    },
    boot: { type: 'boolean', default: true, description: 'false adds noauto: it is not mounted at boot.' },
    fstab: {
      type: 'string',
      pattern: pathPattern,
      default: '/etc/fstab',
      description: 'The file that is owned instead of /etc/fstab.',
    },
    backup: { type: 'boolean', default: false, description: 'Keeps the old fstab next to it.' },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    path: { type: 'string', description: 'The mount point.' },
    mounted: { type: 'boolean', description: 'Whether something is mounted there.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: 1 GiB pages can be mapped
  mount:
    path: /dev/hugepages1G
    src: hugetlbfs
    fstype: hugetlbfs
    opts: pagesize=1G,mode=0770
    state: mounted
`,
];
