import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { runReturns, runSchemas, stdinSchemas } from '../../host/command/arguments.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  properties: {
    cmd: {
      type: 'string',
      minLength: 1,
      description: 'The command line; quotes and backslashes group words as in a shell.',
    },
    argv: {
      type: 'array',
      minItems: 1,
      items: { type: 'string' },
      description: 'The command as a list of words, instead of cmd.',
    },
    ...runSchemas,
    ...stdinSchemas,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = runReturns;

export const examples = [
  `- name: The load is read
  command:
    cmd: uptime
    reads: true
  register: load
`,
  `- name: The key is made
  command:
    argv: [ssh-keygen, -t, ed25519, -N, "", -f, /root/.ssh/id_ed25519]
    creates: /root/.ssh/id_ed25519
`,
];
