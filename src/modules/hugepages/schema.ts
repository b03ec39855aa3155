import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { uriSchema } from '../../host/libvirt/virsh.ts';
import { sizeSchema, volumeSizeSchema } from '../../host/size.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  properties: {
    size: { enum: ['auto', '1G', '2M'], default: 'auto', description: 'Page size.' },
    total: { ...volumeSizeSchema, description: 'Memory for huge pages (64G), spread evenly over the nodes.' },
    per_node: {
      type: 'object',
      propertyNames: { pattern: '^[0-9]+$' },
      additionalProperties: volumeSizeSchema,
      description: 'Memory by NUMA node: {0: 32G, 1: 32G}. A node that is not named gets none.',
    },
    runtime: {
      enum: ['try', 'require', 'off'],
      default: 'try',
      description: 'Set the pages of the running host: as many as it gives, all or fail, or only plan.',
    },
    reserve: {
      anyOf: [{ const: 'auto' }, sizeSchema],
      default: 'auto',
      description: 'Memory that the host keeps, instead of max(4 GiB, 10 %).',
    },
    domains: {
      type: 'array',
      items: { type: 'string' },
      description:
        'Guests that this play moves onto huge pages: they need no other memory, and as many pages ' +
        'as they have memory.',
    },
    default_size: {
      type: 'boolean',
      default: false,
      description: 'Make the size the default of the whole host (default_hugepagesz).',
    },
    uri: uriSchema,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    size: { enum: ['1G', '2M'], description: 'The page size that was chosen.' },
    why: { type: 'string', description: 'Why that size.' },
    pages: { type: 'integer', description: 'Number of pages.' },
    per_node: { type: 'object', additionalProperties: { type: 'integer' }, description: 'Pages by node.' },
    kernel_parameters: {
      type: 'array',
      items: { type: 'string' },
      description: 'For kernel_cmdline: those of other sizes that are there stay.',
    },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: 64 GiB for guests
  hugepages:
    total: 64G
  register: pages
`,
];
