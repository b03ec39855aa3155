import type { ObjectSchema } from '../../callable.ts';
import { hostPath } from '../../host/file/arguments.ts';

const piece = { type: 'string', pattern: '^[^/\\u0000\\n]*$' } as const;

export const args = {
  type: 'object',
  additionalProperties: false,
  properties: {
    state: { enum: ['file', 'directory'], default: 'file', description: 'What is made.' },
    path: {
      ...hostPath,
      description: "The directory in which it is made. Not given: the host's TMPDIR, else /tmp.",
    },
    prefix: { ...piece, default: 'hostwright.', description: 'What its name starts with.' },
    suffix: { ...piece, default: '', description: 'What its name ends with.' },
  },
} as const satisfies ObjectSchema;

export const returns = {
  type: 'object',
  properties: { path: { type: 'string', description: 'The path of what was made.' } },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: A place to unpack
  tempfile:
    state: directory
    suffix: .firmware
  register: unpacked
`,
];
