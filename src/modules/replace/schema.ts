import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { hostPath, writeSchemas } from '../../host/file/arguments.ts';
import { attributeSchemas } from '../../host/file/attributes.ts';
import { resultSchemas } from '../../host/file/replace.ts';

const pattern = { type: 'string', minLength: 1 } as const;

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'regexp'],
  properties: {
    path: { ...hostPath, description: 'The absolute path of the file.' },
    regexp: { ...pattern, description: 'The pattern of what is replaced; it may match over several lines.' },
    replace: {
      type: 'string',
      default: '',
      description:
        'What it becomes. \\1 and \\g<name> stand for what regexp caught, \\n for a newline, \\\\ for a backslash.',
    },
    after: { ...pattern, description: 'Only what comes after the first match of this pattern is replaced.' },
    before: {
      ...pattern,
      description:
        'Only what comes before this pattern is replaced: before its first match behind after, else its last.',
    },
    ...attributeSchemas,
    ...writeSchemas,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = { type: 'object', properties: resultSchemas } as const satisfies ObjectSchema;

export const examples = [
  `- name: The console of all kernels is the serial line
  replace:
    path: /etc/default/grub
    regexp: '\\bconsole=tty0\\b'
    replace: console=ttyS0
`,
];
