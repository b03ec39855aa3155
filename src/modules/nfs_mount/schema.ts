import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { pathPattern } from '../../host/file/arguments.ts';
import { uriSchema } from '../../host/libvirt/virsh.ts';
import { clientDefaults } from './client-options.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    path: { type: 'string', pattern: '^(/[^/\\u0000]+)+$', description: 'The mount point.' },
    source: {
      type: 'string',
      pattern: '^([A-Za-z0-9._-]+|\\[[0-9a-fA-F:.%]+\\]):/[^\\s]*$',
      description: 'The server and its export: nfs1:/srv/images.',
    },
    options: {
      type: 'string',
      pattern: '^[^\\s,]+(,[^\\s,]+)*$',
      default: clientDefaults,
      description: 'Options with commas between them; they replace the default.',
    },
    state: {
      enum: ['mounted', 'present', 'absent'],
      default: 'mounted',
      description: 'mounted: in fstab and mounted. present: in fstab. absent: neither.',
    },
    fstab: { type: 'string', pattern: pathPattern, default: '/etc/fstab', description: 'The file instead of fstab.' },
    uri: uriSchema,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    path: { type: 'string', description: 'The mount point.' },
    mounted: { type: 'boolean', description: 'Whether it is mounted.' },
    smaller: {
      type: 'array',
      items: { type: 'string' },
      description: 'Transfers that are smaller than asked for: "rsize is 524288 of 1048576".',
    },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Images of guests come from the server
  nfs_mount:
    path: /var/lib/libvirt/images/nfs
    source: nfs1:/srv/images
`,
];
