import type { ObjectSchema } from '../../callable.ts';

export const args = { type: 'object', additionalProperties: false, properties: {} } as const satisfies ObjectSchema;

export const returns = {
  type: 'object',
  properties: {
    parts: {
      type: 'array',
      items: { type: 'object' },
      description:
        'For each: part, configured (null where nothing is known to store it), live, and ' +
        'waits: reboot, apply (the live value is not the stored one), or null.',
    },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: How the host is tuned
  host_tuning: {}
  register: tuning
`,
];
