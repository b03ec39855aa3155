import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { groupName } from '../../host/lvm/names.ts';
import { sizeSchema } from '../../host/size.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['vg'],
  properties: {
    vg: { ...groupName, description: 'The volume group, with room for the temporary volume.' },
    candidates: {
      type: 'array',
      minItems: 1,
      items: sizeSchema,
      default: ['64K', '128K', '256K', '512K', '1M', '2M', '4M', '8M'],
      description: 'Chunk sizes: multiples of 64 KiB up to 1 GiB.',
    },
    size: { ...sizeSchema, default: '12G', description: 'The size of the temporary volume.' },
    samples: { type: 'integer', minimum: 1, maximum: 100, default: 5, description: 'Runs of each size.' },
    runtime: { type: 'integer', minimum: 1, default: 15, description: 'Seconds of a run.' },
    ramp: { type: 'integer', minimum: 0, default: 2, description: 'Seconds before a run that do not count.' },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    chosen: { type: 'integer', description: 'The smallest size, in bytes, within 95 % of the best.' },
    summary: { type: 'string', description: 'For people: each size with its bandwidth, and the choice.' },
    sizes: {
      type: 'array',
      items: { type: 'object' },
      description: 'For each size: chunk (bytes), bandwidth_mean, bandwidth_deviation, iops_mean, p99_mean, samples.',
    },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: A chunk size for the pool to come
  lvm_chunk_probe:
    vg: vmpool
`,
];
