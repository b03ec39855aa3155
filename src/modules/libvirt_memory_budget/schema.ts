import type { ObjectSchema } from '../../callable.ts';
import { uriSchema } from '../../host/libvirt/virsh.ts';
import { sizeSchema } from '../../host/size.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  properties: {
    reserve: {
      anyOf: [{ const: 'auto' }, sizeSchema],
      default: 'auto',
      description: 'Memory that the host keeps, instead of max(4 GiB, 10 %).',
    },
    excess: {
      enum: ['refuse', 'report'],
      default: 'refuse',
      description: 'What becomes of a sum that does not fit.',
    },
    strict_accounting: {
      type: 'boolean',
      default: false,
      description: 'States that vm.overcommit_memory may be 2.',
    },
    uri: uriSchema,
  },
} as const satisfies ObjectSchema;

export const returns = {
  type: 'object',
  properties: {
    fits: { type: 'boolean', description: 'Whether all of it fits.' },
    why: { type: 'string', description: 'The sum in words.' },
    memory: { type: 'integer', description: 'Bytes that the host has.' },
    guests: { type: 'integer', description: 'Bytes of guests that are not on huge pages.' },
    huge_pages: { type: 'integer', description: 'Bytes of huge pages.' },
    reserve: { type: 'integer', description: 'Bytes for the host and for QEMU.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: The guests fit the host
  libvirt_memory_budget:
    reserve: 8G
`,
];
