import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { pathPattern } from '../../host/file/arguments.ts';
import { changedSinceSchema, leftSchema, runSchema, sha256Schema } from '../../host/restore/refuse.ts';

const number = { type: 'integer', minimum: 0 } as const;

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'run', 'kept', 'size', 'mode', 'uid', 'gid'],
  properties: {
    path: { type: 'string', pattern: pathPattern, description: 'The file that is put back.' },
    run: runSchema,
    kept: {
      type: 'string',
      pattern: '^[0-9a-f]{12}-[A-Za-z0-9_.-]+$',
      description: 'Its name among what that run keeps on the host.',
    },
    size: { ...number, description: 'The bytes that it had.' },
    mode: { type: 'string', pattern: '^[0-7]{4}$', description: 'The permissions that it had, as four octal digits.' },
    uid: { ...number, description: 'The number of the owner that it had.' },
    gid: { ...number, description: 'The number of the group that it had.' },
    sha256: { ...sha256Schema, description: 'SHA-256 of the content that it had, where the run knew it.' },
    left: leftSchema,
    changed_since: changedSinceSchema,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const examples = [
  `- name: What was in /etc/motd before the run 0kx3m9
  restore_file:
    path: /etc/motd
    run: 0kx3m9
    kept: 9d6208a826e8-motd
    size: 4
    mode: "0644"
    uid: 0
    gid: 0
    left: [7aa7a5359173d05b63cfd682e3c38487f3cb4f7f1d60659fe59fab1505977d4c]
`,
];
