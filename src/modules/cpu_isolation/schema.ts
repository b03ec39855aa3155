import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { cpuListSchema } from '../../host/cpu/cpu-list.ts';
import { uriSchema } from '../../host/libvirt/virsh.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['cpus', 'method'],
  properties: {
    cpus: { ...cpuListSchema, description: 'The CPUs for guests.' },
    method: { enum: ['cpuset', 'isolcpus'], description: 'By cgroups, or by the kernel from boot on.' },
    nohz_full: {
      type: 'boolean',
      default: false,
      description: 'Whether the kernel also stops its clock tick there (isolcpus only).',
    },
    uri: uriSchema,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    cpus: { type: 'string', description: 'The CPUs for guests, in the shortest form.' },
    housekeeping: { type: 'string', description: 'The CPUs that stay with the host.' },
    kernel_parameters: { type: 'array', items: { type: 'string' }, description: 'What isolcpus needs.' },
    kernel_absent: {
      type: 'array',
      items: { type: 'string' },
      description: 'Parameters that belong to isolcpus and are not wanted.',
    },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: CPUs that can be set apart
  cpu_isolation:
    cpus: 2-7
    method: cpuset
  register: isolation
`,
];
