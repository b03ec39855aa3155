import type { ArgsOf, ObjectSchema } from '../../callable.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: {
      type: 'string',
      pattern: '^[^\\s,*?!|#@]+$',
      description: 'The host as it is connected to: a name, an address, or [HOST]:PORT where the port is not 22.',
    },
    key: {
      type: 'string',
      minLength: 1,
      description:
        'Keys as ssh-keyscan prints them, one a line, with or without the host. With state ' +
        'absent only these are removed.',
    },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether the host is to be known.' },
    path: {
      type: 'string',
      pattern: '^~?/[^\\u0000]*$',
      default: '~/.ssh/known_hosts',
      description: 'The file; ~ is the home of the user of the task. For all users: /etc/ssh/ssh_known_hosts.',
    },
    hash_host: {
      type: 'boolean',
      default: false,
      description: 'Makes the name unreadable. A name that is hashed already stays so in any case.',
    },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'The host.' },
    path: { type: 'string', description: 'The file.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: The backup host is known
  known_hosts:
    name: backup.example.org
    path: /etc/ssh/ssh_known_hosts
    key: backup.example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBz3n4kFsbpIEhN5Ze4CTuSPTWrpFqeDXZ6l6XcVOJ1y
`,
];
