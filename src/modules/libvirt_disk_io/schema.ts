import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { diskSchema } from '../../host/domain/schema.ts';
import { domainName, uriSchema } from '../../host/libvirt/virsh.ts';

const disk = {
  ...diskSchema,
  properties: {
    ...diskSchema.properties,
    io: { enum: ['auto', 'native', 'threads', 'io_uring'], description: 'auto is resolved; anything else is checked.' },
    discard: {
      enum: ['auto', 'unmap', 'ignore'],
      description: 'auto is unmap, but for a file that is allocated in full, whose discard stays as it is.',
    },
  },
} as const;

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'disks'],
  properties: {
    name: { ...domainName, description: 'Name of the domain, which must be defined.' },
    disks: {
      type: 'object',
      additionalProperties: disk,
      description: 'Disks by target, with the attributes that libvirt_domain takes: {vda: {cache: none, io: auto}}.',
    },
    policy: {
      enum: ['modern', 'matrix2016'],
      default: 'modern',
      description: 'native wherever it cannot block the guest, or what won when it was measured in 2016.',
    },
    workload: {
      enum: ['mixed', 'read', 'randread', 'write', 'randwrite', 'randrw'],
      default: 'mixed',
      description: 'With matrix2016: what the guest mostly does.',
    },
    guests_on_device: {
      type: 'integer',
      minimum: 1,
      default: 1,
      description: 'With matrix2016: guests that share the device; from 4 on the columns of many guests count.',
    },
    qcow2_allocation: {
      enum: ['falloc', 'fallocate'],
      default: 'falloc',
      description: 'With matrix2016: how qcow2 files were allocated (qemu-img or fallocate), which no file tells.',
    },
    nfs_server: {
      type: 'object',
      additionalProperties: false,
      required: ['disk', 'fs'],
      description: 'With matrix2016: what the NFS server has, which no client sees.',
      properties: {
        disk: { enum: ['ssd', 'hdd'], description: 'Its disks.' },
        fs: { enum: ['ext4', 'xfs'], description: 'Its file system.' },
      },
    },
    native_on_sparse: {
      type: 'boolean',
      default: false,
      description:
        'Let files that are not allocated in full have native, which can block the guest at each allocation.',
    },
    io_uring: {
      enum: ['deny', 'allow'],
      default: 'deny',
      description: 'Whether auto may choose io_uring, where the host has it and it is known not to hang.',
    },
    power_protected: {
      type: 'boolean',
      default: false,
      description: 'States that the host survives a power cut; cache writeback and unsafe need it.',
    },
    uri: uriSchema,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    settings: { type: 'object', description: 'The disks as libvirt_domain takes them.' },
    disks: {
      type: 'object',
      description: 'For each disk: io, rule and why, and measured_2016: what won where such storage was measured.',
    },
    explanation: { type: 'array', items: { type: 'string' }, description: 'A line for each disk.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: What suits the disks of vm1
  libvirt_disk_io:
    name: vm1
    disks:
      vda: {cache: none, io: auto}
  register: suits
`,
];
