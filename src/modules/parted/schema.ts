import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { devicePath, wipeSchemas } from '../../host/device/arguments.ts';
import { flagNames } from './flags.ts';
import { positionSchema, unitNames } from './position.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['device'],
  properties: {
    device: { ...devicePath, description: 'The disk by a stable path: /dev/disk/by-id/…, /dev/disk/by-path/….' },
    number: { type: 'integer', minimum: 1, maximum: 128, description: 'The number of the partition.' },
    state: {
      enum: ['info', 'present', 'absent'],
      default: 'info',
      description: 'info: only reads. present: the partition is there. absent: it is not.',
    },
    label: {
      enum: ['gpt', 'msdos'],
      description: 'The kind of partition table. Not given: the one that is there, gpt on an empty disk.',
    },
    part_start: {
      ...positionSchema,
      description: 'Where it starts: 1MiB, 10%, or from the end -1GiB. Not given: 0% for a new one, else not compared.',
    },
    part_end: {
      ...positionSchema,
      description: 'Where it ends: 10GiB, 100%. Not given: 100% for a new one, else not compared.',
    },
    name: {
      type: 'string',
      pattern: '^[^\\u0000-\\u001f\\u007f]{1,36}$',
      description: 'The name of the partition (gpt).',
    },
    flags: {
      type: 'array',
      uniqueItems: true,
      items: { enum: flagNames },
      description: 'All flags that it has; [] for none. Not given: not owned.',
    },
    align: {
      enum: ['optimal', 'minimal', 'none'],
      default: 'optimal',
      description: 'optimal: bounds are moved inwards to whole MiB. minimal: to physical sectors. none: to sectors.',
    },
    unit: {
      enum: unitNames,
      default: 'KiB',
      description: 'The unit of results, and of part_start and part_end without one. s is a sector.',
    },
    ...wipeSchemas,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    disk: {
      type: 'object',
      description: 'The disk: dev, size, unit, table (gpt, msdos, unknown), logical_block, physical_block.',
    },
    partitions: {
      type: 'array',
      items: { type: 'object' },
      description: 'Its partitions: num, begin, end, size, unit, name, flags. Not known in check mode after a change.',
    },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: One partition for LVM
  parted:
    device: /dev/disk/by-id/virtio-DATA1
    number: 1
    state: present
    label: gpt
    part_start: 1MiB
    part_end: 100%
    flags: [lvm]
`,
  `- name: What is on the disk
  parted:
    device: /dev/sda
    unit: MiB
  register: disk
`,
];
