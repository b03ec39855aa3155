import type { ObjectSchema } from '../../callable.ts';
import { tmpfilesSchema } from '../../host/sysfs/tmpfiles.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['state'],
  properties: {
    state: { enum: ['on', 'off'], description: 'Whether equal pages are merged.' },
    tmpfiles_file: tmpfilesSchema,
  },
} as const satisfies ObjectSchema;

export const returns = {
  type: 'object',
  properties: { merged: { type: 'integer', description: 'Bytes that the merging saves.' } },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Guests share no pages
  ksm:
    state: "off"
`,
];
