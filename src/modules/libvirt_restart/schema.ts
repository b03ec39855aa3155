import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { domainName, uriSchema } from '../../host/libvirt/virsh.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  properties: {
    domains: {
      type: 'array',
      items: domainName,
      description: 'Domains; absent: those that this run knows to be waiting.',
    },
    timeout: {
      type: 'integer',
      minimum: 1,
      maximum: 86400,
      default: 300,
      description: 'Seconds for a guest to shut down.',
    },
    uri: uriSchema,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: { restarted: { type: 'array', items: { type: 'string' }, description: 'Names of the domains.' } },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Restart guests whose definition has changed
  libvirt_restart:
    if: pending
`,
];
