import type { ObjectSchema } from '../../callable.ts';
import { pathPattern } from '../../host/file/arguments.ts';
import { tmpfilesDefault } from '../../host/sysfs/tmpfiles.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'value'],
  properties: {
    path: {
      type: 'string',
      pattern: '^/sys(/(?!\\.\\.?(/|$))[A-Za-z0-9_.:@+-]+)+$',
      description: 'The attribute: /sys/kernel/mm/transparent_hugepage/enabled.',
    },
    value: {
      anyOf: [{ type: 'string', pattern: '^[A-Za-z0-9_.,:+=/-]+( [A-Za-z0-9_.,:+=/-]+)*$' }, { type: 'integer' }],
      description: 'Its value.',
    },
    tmpfiles_file: {
      type: 'string',
      pattern: pathPattern,
      default: tmpfilesDefault,
      description: 'The file that writes it at boot.',
    },
  },
} as const satisfies ObjectSchema;

export const returns = {
  type: 'object',
  properties: {
    path: { type: 'string', description: 'The attribute.' },
    live: { type: 'string', description: "The running kernel's value." },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Guests ask for transparent huge pages
  sysfs:
    path: /sys/kernel/mm/transparent_hugepage/enabled
    value: madvise
`,
];
