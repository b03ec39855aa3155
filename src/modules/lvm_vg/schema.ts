import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { groupName } from '../../host/lvm/names.ts';
import { sizeSchema } from '../../host/size.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['vg', 'devices'],
  properties: {
    vg: { ...groupName, description: 'Name of the volume group.' },
    devices: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', pattern: '^/dev/[A-Za-z0-9_@%+=:,./-]+$' },
      description: 'Devices by stable paths: /dev/disk/by-id/…, /dev/disk/by-path/…, /dev/mapper/…, /dev/md/….',
    },
    extent_size: {
      ...sizeSchema,
      default: '256M',
      description:
        'Physical extent size, a power of two from 1M. Sizes of volumes are rounded up to ' +
        'it; it has no effect on speed.',
    },
    allow_wipe: {
      type: 'object',
      additionalProperties: { type: 'array', minItems: 1, items: { type: 'string' } },
      description:
        'Devices whose content may be destroyed: path to the signature types that are on ' +
        'it now, exactly. Needs --allow data-loss.',
    },
    adopt: {
      type: 'boolean',
      default: false,
      description: 'Extends a group of this name that is there and has none of the devices.',
    },
    allow_kernel_names: {
      type: 'boolean',
      default: false,
      description: 'Accept names such as /dev/sdb, which may mean another disk after the next boot.',
    },
    confirm_serial: {
      anyOf: [{ type: 'string' }, { type: 'object', additionalProperties: { type: 'string' } }],
      description: 'The serial number that the device must have, or a map of path to serial number.',
    },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    vg: { type: 'string', description: 'Name of the volume group.' },
    extent_size: { type: 'integer', description: 'Bytes.' },
    size: { type: 'integer', description: 'Bytes; not known before the group exists.' },
    free: { type: 'integer', description: 'Bytes; not known before the group exists.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Guests' disks live in vmpool
  lvm_vg:
    vg: vmpool
    devices: [/dev/disk/by-id/virtio-HWDATA1]
    extent_size: 256M
`,
];
