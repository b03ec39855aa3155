import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { domainSchema } from '../../host/domain/domain-schema.ts';

export const args = domainSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    state: { type: 'string', description: "The domain's state, as virsh domstate says it." },
    iothreads: {
      type: 'array',
      items: { type: 'integer' },
      description: 'Ids of the I/O threads of the definition.',
    },
    vcpus: {
      type: 'object',
      properties: { max: { type: 'integer' }, current: { type: 'integer' } },
      description: 'The vCPUs of the definition: the most that it can have, and those it starts with.',
    },
    left_out: {
      type: 'array',
      items: { type: 'string' },
      description: 'What pv_preset would give, and the host does not offer.',
    },
  },
} as const satisfies ObjectSchema;
