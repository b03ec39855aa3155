import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { diskIoSchema } from './args.ts';

export const args = diskIoSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    settings: { type: 'object', description: 'The disks as libvirt_domain takes them.' },
    disks: {
      type: 'object',
      description: 'For each disk: io, rule and why, and measured_2016: what won where such storage was measured.',
    },
    explanation: { type: 'array', items: { type: 'string' }, description: 'A line for each disk.' },
  },
} as const satisfies ObjectSchema;
