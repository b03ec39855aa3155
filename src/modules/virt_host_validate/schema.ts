import type { ArgsOf, ObjectSchema } from '../../callable.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  properties: {
    hypervisor: { enum: ['qemu', 'lxc'], default: 'qemu', description: 'Whose checks are made.' },
    require: {
      type: 'array',
      items: { type: 'string', minLength: 3 },
      default: [],
      description: 'Parts of the names of checks that must not fail: hardware virtualization, /dev/kvm.',
    },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    checks: {
      type: 'array',
      description: 'Every check that was made, in order.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['check', 'level', 'advice'],
        properties: {
          check: { type: 'string', description: 'What was looked at: if device /dev/kvm exists.' },
          level: { enum: ['PASS', 'WARN', 'FAIL'], description: 'The result of the check.' },
          advice: { type: 'string', description: 'What the tool advises; empty where it says nothing.' },
        },
      },
    },
    advice: { type: 'array', items: { type: 'string' }, description: 'A line for each that did not pass.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Guests can use the processor's virtualisation
  virt_host_validate:
    require: [hardware virtualization, /dev/kvm]
`,
];
