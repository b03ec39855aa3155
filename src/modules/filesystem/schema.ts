import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { devicePath, wipeSchemas } from '../../host/device/arguments.ts';
import { type Fstype, kinds } from './kinds.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['dev', 'fstype'],
  properties: {
    dev: {
      ...devicePath,
      description: 'The device by a stable path: /dev/disk/by-id/…, /dev/disk/by-path/…, /dev/mapper/…, /dev/VG/LV.',
    },
    fstype: { enum: Object.keys(kinds) as Fstype[], description: 'The type of the file system.' },
    force: {
      type: 'boolean',
      default: false,
      description: 'Allows nothing by itself: what may be destroyed is named in allow_wipe.',
    },
    opts: {
      type: 'string',
      description: 'Options for mkfs, as words of a command line; they are used only when it is made.',
    },
    resizefs: { type: 'boolean', default: false, description: 'Grows the file system to the size of its device.' },
    uuid: {
      type: 'string',
      pattern: '^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{4}-[0-9a-fA-F]{4})$',
      description: 'The UUID that it is made with and must have; XXXX-XXXX for vfat.',
    },
    ...wipeSchemas,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    dev: { type: 'string', description: 'The device.' },
    fstype: { type: 'string', description: 'The type of the file system.' },
    uuid: { type: 'string', description: 'Its UUID; not known in check mode before it is made.' },
    label: { type: 'string', description: 'Its label; not known in check mode before it is made.' },
    device_size: { type: 'integer', description: 'Bytes of the device.' },
    size: { type: 'integer', description: 'Bytes of the file system, with resizefs.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: The file system for images
  filesystem:
    dev: /dev/vmpool/images
    fstype: xfs
    resizefs: true
`,
  `- name: A used disk becomes a file system
  filesystem:
    dev: /dev/disk/by-id/virtio-DATA2
    fstype: ext4
    opts: -m 0
    allow_wipe: {/dev/disk/by-id/virtio-DATA2: [xfs]}
`,
];
