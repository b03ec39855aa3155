import type { ObjectSchema } from '../../callable.ts';
import { cpuListSchema } from '../../host/cpu/cpu-list.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['unit', 'cpus'],
  properties: {
    unit: {
      type: 'string',
      pattern: '^[A-Za-z0-9:_.@-]+\\.(slice|scope)$',
      description: 'The slice or scope: system.slice.',
    },
    cpus: { ...cpuListSchema, description: 'The CPUs that it may use.' },
  },
} as const satisfies ObjectSchema;

export const returns = {
  type: 'object',
  properties: { live: { type: 'string', description: 'The CPUs that the kernel lets it use.' } },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Services of the host stay off the CPUs of guests
  systemd_allowed_cpus:
    unit: system.slice
    cpus: 0-1
`,
];
