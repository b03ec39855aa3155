import type { ObjectSchema } from '../../callable.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['nested'],
  properties: {
    nested: { type: 'boolean', description: 'Whether guests see the virtualisation of the processor.' },
  },
} as const satisfies ObjectSchema;

export const returns = {
  type: 'object',
  properties: {
    module: { type: 'string', description: 'kvm_intel or kvm_amd.' },
    users: { type: 'integer', description: 'How many virtual machines and others use it.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Guests may be hypervisors
  kvm_nested:
    nested: true
`,
];
