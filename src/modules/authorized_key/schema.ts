import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { accountName } from '../../host/account/database.ts';
import { hostPath } from '../../host/file/arguments.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['user', 'key'],
  properties: {
    user: { type: 'string', pattern: accountName, description: 'The user who may log in.' },
    key: { type: 'string', minLength: 1, description: 'Public keys as ssh-keygen prints them, one a line.' },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether the keys are to be there.' },
    exclusive: { type: 'boolean', default: false, description: 'Removes all keys but these.' },
    key_options: {
      type: 'string',
      pattern: '^[^\\n]*$',
      description: 'Options for all the keys: no-pty,from="10.0.0.0/8". \'\' takes away those that are there.',
    },
    comment: { type: 'string', pattern: '^[^\\n]*$', description: 'The comment for all the keys.' },
    path: {
      ...hostPath,
      description: 'The file, where it is not ~/.ssh/authorized_keys.',
    },
    manage_dir: {
      type: 'boolean',
      default: true,
      description: 'Makes ~/.ssh, and owns its owner and mode.',
    },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    user: { type: 'string', description: 'The user.' },
    keyfile: { type: 'string', description: 'The file with the keys.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Ann may log in
  authorized_key:
    user: ann
    key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBz3n4kFsbpIEhN5Ze4CTuSPTWrpFqeDXZ6l6XcVOJ1y ann@laptop
`,
];
