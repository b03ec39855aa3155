import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { cpuListSchema } from '../../host/cpu/cpu-list.ts';
import { domainName, uriSchema } from '../../host/libvirt/virsh.ts';

const threads = { anyOf: [{ const: 'housekeeping' }, cpuListSchema] } as const;

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['domains'],
  properties: {
    domains: {
      type: 'array',
      items: domainName,
      minItems: 1,
      uniqueItems: true,
      description: 'Guests to place; the first is placed first.',
    },
    strategy: {
      enum: ['spread', 'pack'],
      default: 'spread',
      description: 'Over the NUMA nodes, or one node after the other.',
    },
    reserved_cpus: {
      anyOf: [{ const: 'auto' }, cpuListSchema],
      default: 'auto',
      description: 'CPUs that stay with the host; auto: the first core of each node.',
    },
    smt: {
      enum: ['auto', 'pair', 'spread', 'fill'],
      default: 'auto',
      description:
        'Two vCPUs on the threads of one core; one to a core; or one to a core while cores last. ' +
        'auto pairs vCPUs that the guest sees as threads of one core, and others where cores are ' +
        'short.',
    },
    numa: {
      enum: ['strict', 'interleave', 'none'],
      default: 'strict',
      description:
        'Memory from the node of the CPUs, which must have it; from several nodes; or as it comes: no <numatune>.',
    },
    emulator: { ...threads, default: 'housekeeping', description: "CPUs for QEMU's own threads." },
    iothread: { ...threads, default: 'housekeeping', description: 'CPUs for I/O threads.' },
    overcommit: {
      type: 'boolean',
      default: false,
      description: 'Let guests share CPUs when cores run out, instead of refusing.',
    },
    uri: uriSchema,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    housekeeping: { type: 'string', description: 'CPUs that stay with the host.' },
    domains: {
      type: 'object',
      description: 'For each domain: nodes, and cputune and numatune as libvirt_domain takes them.',
    },
    explanation: { type: 'array', items: { type: 'string' }, description: 'A line for each decision.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Where the guests run
  libvirt_cpu_plan:
    domains: [vm1, vm2]
  register: plan
`,
];
