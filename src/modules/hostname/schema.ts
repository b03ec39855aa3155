import type { ObjectSchema } from '../../callable.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: {
      type: 'string',
      // hostname(7): labels of letters, digits and hyphens; the kernel keeps 64 bytes.
      pattern: '^(?=.{1,64}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$',
      description: 'The name, with or without a domain.',
    },
  },
} as const satisfies ObjectSchema;

export const returns = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'The name.' },
    live: { type: 'string', description: "The running kernel's name." },
    stored: { type: 'string', description: 'The name at the next boot.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: The host knows its name
  hostname:
    name: kvm3.example.org
`,
];
