import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { wipeSchemas } from '../../host/device/arguments.ts';
import { hostPath } from '../../host/file/arguments.ts';
import { type ProfileName, profiles } from '../../host/fio/profiles.ts';
import { sizeSchema } from '../../host/size.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  properties: {
    path: {
      ...hostPath,
      description: 'A file to be made, or a device by a stable path: /dev/VG/LV, /dev/disk/by-id/….',
    },
    paths: {
      type: 'array',
      minItems: 1,
      maxItems: 256,
      uniqueItems: true,
      'x-home': 'list',
      items: hostPath,
      description: 'Several of them at the same time, each with jobs of its own; what they come to together is told.',
    },
    profile: { enum: Object.keys(profiles) as ProfileName[], description: 'A load by name.' },
    load: {
      type: 'object',
      additionalProperties: false,
      required: ['rw', 'bs'],
      properties: {
        rw: { enum: ['read', 'write', 'randread', 'randwrite', 'rw', 'randrw'], description: 'What is done.' },
        bs: { ...sizeSchema, description: 'Bytes of a request.' },
        iodepth: { type: 'integer', minimum: 1, default: 1, description: 'Requests at once, for each job.' },
        numjobs: { type: 'integer', minimum: 1, default: 1, description: 'Jobs at once.' },
        rwmixread: { type: 'integer', minimum: 0, maximum: 100, description: 'Percent of reads.' },
      },
      description: 'A load of your own.',
    },
    size: { ...sizeSchema, default: '1G', description: 'How much of each path is worked on.' },
    samples: { type: 'integer', minimum: 1, maximum: 100, default: 5, description: 'Runs.' },
    runtime: { type: 'integer', minimum: 1, default: 15, description: 'Seconds of a run.' },
    ramp: { type: 'integer', minimum: 0, default: 2, description: 'Seconds before a run that do not count.' },
    direct: { type: 'boolean', default: true, description: "Past the host's cache." },
    ...wipeSchemas,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    path: { type: 'string', description: 'What was measured; several with commas.' },
    paths: { type: 'array', items: { type: 'string' }, description: 'The same as a list.' },
    version: { type: 'string', description: "fio's version." },
    summary: {
      type: 'string',
      description: 'For people: bandwidth, requests a second and latency of each direction.',
    },
    read: { type: 'object', description: 'bandwidth_mean (bytes/s), iops_mean, p99_mean (µs), deviations, samples.' },
    write: { type: 'object', description: 'The same of what was written.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Small random writes in a file system
  fio:
    path: /srv/images/hostwright-fio
    profile: random-4k-write
    size: 2G
`,
  `- name: Two empty volumes at the same time, half reads
  fio:
    paths: [/dev/vmpool/a, /dev/vmpool/b]
    load: {rw: randrw, bs: 8K, iodepth: 32, rwmixread: 50}
`,
  `- name: Writes of 1 MiB to an empty volume
  fio:
    path: /dev/vmpool/probe
    load: {rw: randwrite, bs: 1M}
`,
];
