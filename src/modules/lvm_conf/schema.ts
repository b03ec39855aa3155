import type { ArgsOf, ObjectSchema } from '../../callable.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['settings'],
  properties: {
    settings: {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: '^[a-z][a-z0-9_]*$' },
      description:
        'Settings by section: {allocation: {thin_pool_chunk_size: 1024}}. Units as in lvm.conf (KiB for chunk sizes).',
      additionalProperties: {
        type: 'object',
        minProperties: 1,
        propertyNames: { pattern: '^[a-z][a-z0-9_]*$' },
        additionalProperties: {
          anyOf: [
            { type: 'string', pattern: '^[^\\n]*$' },
            { type: 'number' },
            { type: 'boolean' },
            { type: 'array', items: { anyOf: [{ type: 'string', pattern: '^[^\\n]*$' }, { type: 'number' }] } },
          ],
        },
      },
    },
    file: {
      type: 'string',
      pattern: '^[A-Za-z0-9_.-]+[.]conf$',
      default: 'lvmlocal.conf',
      description: 'The file in the directory: lvmlocal.conf or lvm.conf.',
    },
    directory: { type: 'string', pattern: '^/', default: '/etc/lvm', description: "LVM's configuration directory." },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: { path: { type: 'string', description: 'The file that holds the settings.' } },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Thin pools grow before they are full
  lvm_conf:
    settings:
      activation:
        thin_pool_autoextend_threshold: 80
        thin_pool_autoextend_percent: 20
`,
];
