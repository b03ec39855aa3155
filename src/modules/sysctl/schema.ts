import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { pathPattern } from '../../host/file/arguments.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: {
      type: 'string',
      pattern: '^[A-Za-z0-9_.\\/:@*-]+$',
      'x-aliases': ['key'],
      description: 'The key: vm.swappiness.',
    },
    value: {
      'x-aliases': ['val'],
      anyOf: [{ type: 'string' }, { type: 'integer' }],
      description: 'The value; of several parts with blanks between them.',
    },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether the file sets the key.' },
    sysctl_file: {
      type: 'string',
      pattern: pathPattern,
      default: '/etc/sysctl.d/99-hostwright.conf',
      description: 'The file that sets the key at boot.',
    },
    reload: {
      type: 'boolean',
      default: true,
      description: 'Compares and sets the value of the running kernel, too.',
    },
    sysctl_set: {
      type: 'boolean',
      default: false,
      description: 'Does so without reload, too.',
    },
    ignoreerrors: {
      type: 'boolean',
      default: false,
      description: 'A key that the running kernel does not have is stored all the same.',
    },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'The key.' },
    live: { type: 'string', description: "The running kernel's value." },
    stored: { type: 'string', description: "The file's value." },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Guests are not swapped out early
  sysctl:
    name: vm.swappiness
    value: 1
`,
];
