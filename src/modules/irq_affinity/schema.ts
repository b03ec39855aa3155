import type { ObjectSchema } from '../../callable.ts';
import { cpuListSchema } from '../../host/cpu/cpu-list.ts';
import { tmpfilesSchema } from '../../host/sysfs/tmpfiles.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['cpus'],
  properties: {
    cpus: { ...cpuListSchema, description: 'The CPUs that serve interrupts: those that stay with the host.' },
    tmpfiles_file: tmpfilesSchema,
  },
} as const satisfies ObjectSchema;

export const returns = {
  type: 'object',
  properties: {
    fixed: {
      type: 'array',
      items: { type: 'integer' },
      description: 'Interrupts on other CPUs that the kernel does not let anybody move.',
    },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Guests are not interrupted by devices
  irq_affinity:
    cpus: 0-1
`,
];
