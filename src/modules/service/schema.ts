import type { ObjectSchema } from '../../callable.ts';
import { serviceResults, serviceSchemas } from '../../host/service/arguments.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  properties: serviceSchemas,
} as const satisfies ObjectSchema;

export const returns = {
  type: 'object',
  properties: serviceResults,
} as const satisfies ObjectSchema;

export const examples = [
  `- name: libvirt listens
  service:
    name: virtqemud.socket
    state: started
    enabled: true
`,
];
