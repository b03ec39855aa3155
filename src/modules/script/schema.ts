import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { runReturns, runSchemas } from '../../host/command/arguments.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['cmd'],
  properties: {
    cmd: { type: 'string', minLength: 1, 'x-file': 'source', description: "The script, in the role's files folder." },
    args: { type: 'array', items: { type: 'string' }, default: [], description: 'The arguments of the script.' },
    executable: { type: 'string', pattern: '^/', description: 'The interpreter, as an absolute path.' },
    ...runSchemas,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = runReturns;

export const examples = [
  `- name: The RAID controller is asked
  script:
    cmd: raid-state.sh
    args: [--all]
    reads: true
  register: raid
`,
];
