import type { ObjectSchema } from '../../callable.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  properties: {
    reboot_timeout: {
      type: 'integer',
      minimum: 1,
      default: 600,
      description: 'Seconds within which the host is back, and again within which all has started.',
    },
    pre_reboot_delay: {
      type: 'integer',
      minimum: 0,
      default: 0,
      description: 'Seconds between the task and the reboot.',
    },
    msg: {
      type: 'string',
      default: 'Rebooted by Hostwright',
      description: 'What the log of the host says about it.',
    },
    guests: {
      enum: ['refuse', 'shutdown'],
      default: 'refuse',
      description:
        'What to do about running guests. shutdown asks each to shut down; if one does not, or the ' +
        'host does not go down, those that are off are started again.',
    },
    guests_timeout: {
      type: 'integer',
      minimum: 1,
      default: 300,
      description: 'Seconds that the guests have to shut down.',
    },
    test_command: {
      type: 'string',
      minLength: 1,
      description: 'A shell command that only reads, and must succeed afterwards.',
    },
  },
} as const satisfies ObjectSchema;

export const returns = {
  type: 'object',
  properties: {
    rebooted: { type: 'boolean', description: 'true once the host is back.' },
    guests: {
      type: 'array',
      items: { type: 'string' },
      description: 'Guests that were shut down for it; they stay off until somebody starts them.',
    },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: New kernel parameters take effect
  reboot:
    guests: shutdown
`,
];
