import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { userSchemas } from './user-args.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: userSchemas,
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'The user.' },
    state: { type: 'string', description: 'present or absent.' },
    uid: { type: 'integer', description: 'The number.' },
    group: { type: 'integer', description: 'The number of the primary group.' },
    groups: { type: 'array', items: { type: 'string' }, description: 'The further groups, by name.' },
    home: { type: 'string', description: 'The home directory.' },
    shell: { type: 'string', description: 'The login shell.' },
    comment: { type: 'string', description: 'The full name or purpose.' },
  },
} as const satisfies ObjectSchema;
