import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { uriSchema } from '../../host/libvirt/virsh.ts';

const line = { type: 'string', pattern: '^([^\\r\\n"]*|[^\\r\\n\']*)$' } as const;

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['settings'],
  properties: {
    file: {
      enum: ['qemu.conf', 'libvirtd.conf', 'virtqemud.conf'],
      default: 'qemu.conf',
      description: 'The file in /etc/libvirt.',
    },
    settings: {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_]*$' },
      additionalProperties: {
        anyOf: [line, { type: 'integer', minimum: 0 }, { type: 'boolean' }, { type: 'array', items: line }],
      },
      description: 'Settings by name: {max_core: unlimited, dynamic_ownership: true}.',
    },
    restart: {
      type: 'boolean',
      default: true,
      description: 'Restart the daemon where it is older than the file. false: the settings wait for its next start.',
    },
    uri: uriSchema,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    path: { type: 'string', description: 'The file.' },
    mode: { enum: ['monolithic', 'modular', 'both', 'none'], description: 'Which daemons the host has.' },
    unit: { type: 'string', description: 'The service that reads the file; empty where there is none.' },
    stale: { type: 'boolean', description: 'Whether the daemon is older than the file.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Guests find huge pages of both sizes
  libvirt_conf:
    settings:
      hugetlbfs_mount: [/dev/hugepages, /dev/hugepages1G]
`,
];
