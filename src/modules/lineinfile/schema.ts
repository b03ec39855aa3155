import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { hostPath, writeSchemas } from '../../host/file/arguments.ts';
import { attributeSchemas } from '../../host/file/attributes.ts';
import { resultSchemas } from '../../host/file/replace.ts';

const pattern = { type: 'string', minLength: 1 } as const;

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
    line: {
      'x-aliases': ['value'],
      type: 'string',
      pattern: '^[^\\n\\u0000]*$',
      'x-form': 'one line of text, without a newline (line: |- keeps none at the end) or NUL',
      description: 'The line, without its end. With backrefs, \\1 and \\g<name> stand for what regexp caught.',
    },
    regexp: {
      'x-aliases': ['regex'],
      ...pattern,
      description: 'A pattern of the line that is replaced, or with state absent of all that are removed.',
    },
    search_string: { ...pattern, description: 'As regexp, but a plain text that the line contains.' },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether the line is to be there.' },
    insertafter: {
      ...pattern,
      description: 'A new line goes after the last line that matches this pattern; EOF is the end.',
    },
    insertbefore: {
      ...pattern,
      description: 'A new line goes before the last line that matches this pattern; BOF is the start.',
    },
    backrefs: {
      type: 'boolean',
      default: false,
      description: 'Fills in what regexp caught. A file without a match stays as it is.',
    },
    firstmatch: {
      type: 'boolean',
      default: false,
      description: 'The first line that matches counts, and not the last.',
    },
    create: { type: 'boolean', default: false, description: 'Makes the file where it is absent.' },
    ...attributeSchemas,
    ...writeSchemas,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = { type: 'object', properties: resultSchemas } as const satisfies ObjectSchema;

export const examples = [
  `- name: Guests shut down in parallel
  lineinfile:
    path: /etc/default/libvirt-guests
    regexp: '^#?PARALLEL_SHUTDOWN='
    line: PARALLEL_SHUTDOWN=10
`,
];
