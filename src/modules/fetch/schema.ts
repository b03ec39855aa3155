import type { ObjectSchema } from '../../callable.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['src', 'dest'],
  properties: {
    src: {
      type: 'string',
      pattern: '^[/~][^\\u0000]*[^/\\u0000]$',
      'x-home': 'path',
      description: 'The absolute path of the file on the host.',
    },
    dest: {
      type: 'string',
      pattern: '^[^\\u0000]+$',
      description: 'The directory of the controller; a relative path starts at the playbook.',
    },
    flat: {
      type: 'boolean',
      default: false,
      description: 'dest is the file itself, or if it ends in / the directory that takes it under its own name.',
    },
    fail_on_missing: {
      type: 'boolean',
      default: true,
      description: 'false: a file that the host does not have is not a failure.',
    },
    validate_checksum: {
      type: 'boolean',
      default: true,
      description:
        'What came must have the hash that was asked for before. false: for a file that is written to all the time.',
    },
  },
} as const satisfies ObjectSchema;

export const returns = {
  type: 'object',
  properties: {
    dest: { type: 'string', description: 'The path on the controller.' },
    src: { type: 'string', description: 'The path on the host.' },
    checksum: { type: 'string', description: 'SHA-256 of the content, lower-case hex.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: The definition of vm1 is kept
  fetch:
    src: /etc/libvirt/qemu/vm1.xml
    dest: backup
`,
];
