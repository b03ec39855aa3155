import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { groupName, volumeName } from '../../host/lvm/names.ts';
import { sizeOrShareSchema } from '../../host/size.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['vg', 'lv', 'size'],
  properties: {
    vg: { ...groupName, description: 'Volume group.' },
    lv: { ...volumeName, description: 'Name of the logical volume.' },
    size: {
      ...sizeOrShareSchema,
      description:
        'Size (100G), rounded up to extents; or a share at creation (100%FREE, 50%VG), which is not compared later.',
    },
    readahead: {
      anyOf: [{ enum: ['none', 'auto'] }, { type: 'integer', minimum: 2, maximum: 65536, multipleOf: 2 }],
      description: 'Read-ahead: none, auto, or sectors of 512 bytes.',
    },
    thin_pool: { ...volumeName, description: 'Make a thin volume in this pool; size is then its virtual size.' },
    grow: { type: 'boolean', default: false, description: 'Extend a volume that is smaller.' },
    erase_on_create: {
      enum: ['none', 'discard', 'zero'],
      description:
        'Erase a new thick volume, which otherwise holds what was on its extents before: another ' +
        "tenant's data. Not given: zero, or none with single_tenant. A disk need not forget what " +
        'is discarded.',
    },
    single_tenant: {
      type: 'boolean',
      default: false,
      description:
        'States that all guests on the group belong to one tenant; erase_on_create other than zero needs it.',
    },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    path: { type: 'string', description: '/dev/VG/LV.' },
    size: { type: 'integer', description: 'Bytes; not known in check mode for a share that is yet to be made.' },
    extents: { type: 'integer', description: 'The size in extents.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: The disk of vm1
  lvm_lv:
    vg: vmpool
    lv: vm1
    size: 100G
    readahead: none
`,
];
