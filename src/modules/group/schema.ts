import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { accountName } from '../../host/account/database.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', pattern: accountName, description: 'The group.' },
    gid: {
      type: 'integer',
      minimum: 0,
      maximum: 4294967294,
      description: 'Its number. Not given: not owned, and the next free one where the group is made.',
    },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether the group is to exist.' },
    system: {
      type: 'boolean',
      default: false,
      description: 'Takes a number of the range for system groups where the group is made.',
    },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'The group.' },
    gid: { type: 'integer', description: 'Its number.' },
    state: { type: 'string', description: 'present or absent.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Who may open guest disks
  group:
    name: vmdisks
    gid: 812
`,
];
