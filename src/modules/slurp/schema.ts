import type { ObjectSchema } from '../../callable.ts';
import { hostPath } from '../../host/file/arguments.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['src'],
  properties: {
    src: { ...hostPath, description: 'The absolute path of the file to read.' },
  },
} as const satisfies ObjectSchema;

export const returns = {
  type: 'object',
  properties: {
    content: { type: 'string', description: 'The bytes of the file in base64.' },
    encoding: { type: 'string', description: 'Always base64.' },
    source: { type: 'string', description: 'The path that was read.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Read who the host is
  slurp:
    src: /etc/machine-id
  register: machine_id
`,
];
