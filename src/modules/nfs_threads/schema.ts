import type { ObjectSchema } from '../../callable.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['threads'],
  properties: {
    threads: { type: 'integer', minimum: 1, maximum: 4096, description: 'The number of threads.' },
  },
} as const satisfies ObjectSchema;

export const returns = {
  type: 'object',
  properties: { threads: { type: 'integer', description: 'Threads of the running server; 0 where none runs.' } },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: The server answers many guests at a time
  nfs_threads:
    threads: 64
`,
];
