import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { groupName, volumeName } from '../../host/lvm/names.ts';
import { sizeSchema, volumeSizeSchema } from '../../host/size.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['vg', 'pool', 'size'],
  properties: {
    vg: { ...groupName, description: 'Volume group.' },
    pool: { ...volumeName, description: 'Name of the pool.' },
    size: { ...volumeSizeSchema, description: 'Size of its data, rounded up to extents.' },
    chunk_size: {
      ...sizeSchema,
      description: 'A multiple of 64K up to 1G. 512K to 1M is right for most; 4M for pools without snapshots.',
    },
    zero: {
      type: 'boolean',
      description: "Zero chunks when they are first used. Without it a new volume can read another tenant's old data.",
    },
    discards: { enum: ['passdown', 'nopassdown', 'ignore'], description: "What becomes of a guest's discards." },
    errorwhenfull: {
      type: 'boolean',
      description:
        'Fail writes at once when the pool is full, so that QEMU pauses the guest; otherwise they queue for 60 s.',
    },
    metadata_size: {
      ...volumeSizeSchema,
      description: 'Size of the metadata, 2M to 16G, rounded up to extents; used at creation only.',
    },
    grow: { type: 'boolean', default: false, description: 'Extend a pool that is smaller.' },
    single_tenant: {
      type: 'boolean',
      default: false,
      description: 'States that all guests on the pool belong to one tenant; `zero: false` needs it.',
    },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    size: { type: 'integer', description: 'Bytes.' },
    chunk_size: { type: 'integer', description: 'Bytes; not known before the pool exists unless given.' },
    data_percent: { type: 'number', description: 'Data in use.' },
    metadata_percent: { type: 'number', description: 'Metadata in use.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: A pool for thin disks
  lvm_thin_pool:
    vg: vmpool
    pool: thin
    size: 300G
    chunk_size: 1M
    metadata_size: 1G
`,
];
