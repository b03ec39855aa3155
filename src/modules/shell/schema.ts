import type { ObjectSchema } from '../../callable.ts';
import { runReturns, runSchemas, stdinSchemas } from '../../host/command/arguments.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['cmd'],
  properties: {
    cmd: { type: 'string', minLength: 1, description: 'The command line for the shell; several lines are a script.' },
    executable: { type: 'string', pattern: '^/', default: '/bin/sh', description: 'The shell, as an absolute path.' },
    ...runSchemas,
    ...stdinSchemas,
  },
} as const satisfies ObjectSchema;

export const returns = runReturns;

export const examples = [
  `- name: The largest guests
  shell:
    cmd: ps -eo rss,args | grep "[q]emu" | sort -rn | head -n 3
    reads: true
  register: largest
`,
];
