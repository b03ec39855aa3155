import type { ArgsOf, ObjectSchema } from '../../callable.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['profile'],
  properties: {
    profile: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
      description: 'The profile: virtual-host, or a name for the text.',
    },
    text: {
      type: 'string',
      description: 'tuned.conf of the profile, as a whole. Absent: the profile is there already.',
    },
    replace: {
      type: 'boolean',
      default: false,
      description: 'Whether a profile that somebody has chosen by hand gives way.',
    },
    ours: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Profiles that give way in any case, as no person has chosen them: those of earlier runs.',
    },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    before: { type: 'string', description: "The profile that was active; '' for none." },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: The host is tuned for guests, and logical volumes keep their read-ahead
  tuned_profile:
    profile: our-host
    text: |
      [main]
      include=virtual-host

      [disk]
      devices=!dm-*
`,
];
