import type { ObjectSchema } from '../../callable.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: {
      type: 'string',
      pattern: '^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$',
      description: 'The zone, as a path below /usr/share/zoneinfo: Europe/Berlin, UTC.',
    },
  },
} as const satisfies ObjectSchema;

export const returns = {
  type: 'object',
  properties: { name: { type: 'string', description: 'The zone.' } },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: All hosts log in UTC
  timezone:
    name: Etc/UTC
`,
];
