import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { settingsSchema } from '../../host/block/settings.ts';
import { pathPattern } from '../../host/file/arguments.ts';

const stablePath = '^/dev/disk/by-(id|path)/[A-Za-z0-9#+.:=@_-]+$';

export const args = {
  type: 'object',
  additionalProperties: false,
  properties: {
    nvme: { ...settingsSchema, description: 'Settings of NVMe disks.' },
    solid_state: { ...settingsSchema, description: 'Settings of other disks that do not rotate.' },
    rotating: {
      ...settingsSchema,
      description: 'Settings of disks that rotate, and of virtio disks, of which the kernel says so, too.',
    },
    disks: {
      type: 'object',
      propertyNames: { pattern: stablePath },
      additionalProperties: settingsSchema,
      description:
        'Settings of single disks by their path below /dev/disk/by-id or by-path; their kind does not count.',
    },
    rules_file: {
      type: 'string',
      pattern: pathPattern,
      default: '/etc/udev/rules.d/65-hostwright-block.rules',
      description: 'The file of udev rules, which is owned as a whole.',
    },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    disks: {
      type: 'object',
      additionalProperties: { type: 'object', additionalProperties: { type: 'string' } },
      description: 'By disk the settings that it has now.',
    },
    left_alone: { type: 'array', items: { type: 'string' }, description: 'What was left alone, and why.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Rotating disks are scheduled
  block_queue:
    nvme: { scheduler: none }
    rotating: { scheduler: mq-deadline, add_random: 0 }
`,
];
