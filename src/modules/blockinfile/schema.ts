import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { hostPath, writeSchemas } from '../../host/file/arguments.ts';
import { attributeSchemas } from '../../host/file/attributes.ts';
import { resultSchemas } from '../../host/file/replace.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    path: {
      ...hostPath,
      'x-aliases': ['dest', 'destfile', 'name'],
      description: 'The absolute path of the file.',
    },
    block: {
      'x-aliases': ['content'],
      type: 'string',
      default: '',
      description: 'The lines between the markers. Empty: the block is removed with its markers.',
    },
    marker: {
      type: 'string',
      pattern: '^[^\\n]*\\{mark\\}[^\\n]*$',
      default: '# {mark} HOSTWRIGHT MANAGED BLOCK',
      description: 'The marker lines; {mark} stands for marker_begin and marker_end.',
    },
    marker_begin: {
      type: 'string',
      pattern: '^[^\\n]+$',
      default: 'BEGIN',
      description: 'The word of the line before the block.',
    },
    marker_end: {
      type: 'string',
      pattern: '^[^\\n]+$',
      default: 'END',
      description: 'The word of the line after the block.',
    },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether the block is to be there.' },
    insertafter: {
      type: 'string',
      minLength: 1,
      description: 'A new block goes after the last line that matches this pattern; EOF is the end.',
    },
    insertbefore: {
      type: 'string',
      minLength: 1,
      description: 'A new block goes before the last line that matches this pattern; BOF is the start.',
    },
    create: { type: 'boolean', default: false, description: 'Makes the file where it is absent.' },
    ...attributeSchemas,
    ...writeSchemas,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = { type: 'object', properties: resultSchemas } as const satisfies ObjectSchema;

export const examples = [
  `- name: The storage hosts have names
  blockinfile:
    path: /etc/hosts
    block: |
      10.0.0.11 san1
      10.0.0.12 san2
`,
];
