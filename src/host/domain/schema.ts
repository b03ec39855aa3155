import { cpuListSchema } from '../cpu/cpu-list.ts';
import { domainName, uriSchema } from '../libvirt/virsh.ts';
import { sizeSchema } from '../size.ts';
import { clockSchema, featureSchema } from './feature-schema.ts';

const ids = { type: 'array', items: { type: 'integer', minimum: 1 }, minItems: 1, uniqueItems: true } as const;

/** The arguments of one disk. */
export const diskSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    bus: {
      enum: ['virtio', 'scsi'],
      description:
        'virtio is virtio-blk; scsi is a virtio-scsi controller. A disk on another bus ' +
        'moves with drivers_present only.',
    },
    drivers_present: {
      type: 'boolean',
      description:
        'States that the guest has the driver of the new bus in what it boots with, and ' +
        'names no disk by its old path. Without, it may not boot.',
    },
    cache: {
      enum: ['none', 'directsync', 'writethrough', 'writeback', 'unsafe'],
      description: 'Host cache. none is right for most; writeback and unsafe need power_protected.',
    },
    io: { enum: ['native', 'threads', 'io_uring'], description: 'native goes with cache none and directsync only.' },
    discard: { enum: ['unmap', 'ignore'], description: "What becomes of the guest's discards." },
    detect_zeroes: { enum: ['off', 'on', 'unmap'], description: 'unmap needs discard: unmap, and costs CPU time.' },
    error_policy: {
      enum: ['stop', 'report', 'ignore', 'enospace'],
      description: 'What a failed write does to the guest.',
    },
    queues: {
      type: 'integer',
      minimum: 1,
      maximum: 1024,
      description: 'virtio queues; QEMU makes one for each vCPU otherwise.',
    },
    queue_size: { enum: [128, 256, 512, 1024], description: 'Requests in a virtio queue.' },
    iothread: { type: 'integer', minimum: 1, description: 'The I/O thread that serves the disk.' },
    iothreads: { ...ids, description: 'Several I/O threads for the queues of one disk (libvirt 10.0 and QEMU 9.0).' },
  },
} as const;

const controller = {
  type: 'object',
  additionalProperties: false,
  properties: {
    queues: {
      type: 'integer',
      minimum: 1,
      maximum: 1024,
      description: 'Queues; QEMU makes one for each vCPU otherwise.',
    },
    iothread: { type: 'integer', minimum: 1, description: 'The I/O thread that serves all disks of the controller.' },
    iothreads: { ...ids, description: 'Several I/O threads for its queues (libvirt 11.2 and QEMU 10.0).' },
  },
} as const;

const pins = {
  type: 'object',
  propertyNames: { pattern: '^(0|[1-9][0-9]*)$' },
  additionalProperties: cpuListSchema,
} as const;

/** The arguments of libvirt_domain. */
export const domainSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { ...domainName, description: 'Name of the domain, which must be defined.' },
    uri: uriSchema,
    iothreads: {
      anyOf: [{ type: 'integer', minimum: 0, maximum: 1024 }, ids],
      description:
        'Number of I/O threads (ids from 1), or their ids. At most two for each CPU of the ' +
        'host, or one for each disk; 16 always.',
    },
    disks: {
      type: 'object',
      additionalProperties: diskSchema,
      description: 'Bus and driver attributes by target: {vda: {cache: none, io: native, iothread: 1}}.',
    },
    scsi_controllers: {
      type: 'object',
      propertyNames: { pattern: '^(0|[1-9][0-9]*)$' },
      additionalProperties: controller,
      description: 'virtio-scsi controllers by index: {0: {queues: 4, iothread: 1}}. One that is not there is made.',
    },
    vcpu: {
      type: 'object',
      additionalProperties: false,
      description: 'Number of vCPUs.',
      properties: {
        max: { type: 'integer', minimum: 1, description: 'The most that the domain can have.' },
        current: {
          type: 'integer',
          minimum: 1,
          description:
            'What it starts with; with live a running domain gets more at once, up to the most that it can have.',
        },
        topology: {
          type: 'object',
          additionalProperties: false,
          required: ['sockets', 'cores', 'threads'],
          description: 'How they are laid out; their product is max.',
          properties: {
            sockets: { type: 'integer', minimum: 1, description: 'Sockets.' },
            dies: { type: 'integer', minimum: 1, description: 'Dies of a socket.' },
            cores: { type: 'integer', minimum: 1, description: 'Cores of a die, or of a socket.' },
            threads: { type: 'integer', minimum: 1, description: 'Threads of a core.' },
          },
        },
        overcommit: {
          type: 'boolean',
          default: false,
          description: 'Lets it have more than the host has CPUs for guests.',
        },
      },
    },
    cputune: {
      type: 'object',
      additionalProperties: false,
      description: 'CPUs of the host for each thread: 2-5,8, a number, or a list.',
      properties: {
        vcpupin: { ...pins, description: 'By vCPU, from 0.' },
        emulatorpin: { ...cpuListSchema, description: "QEMU's own threads." },
        iothreadpin: { ...pins, description: 'By I/O thread, from 1.' },
      },
    },
    numatune: {
      anyOf: [
        { const: false },
        {
          type: 'object',
          additionalProperties: false,
          properties: {
            mode: { enum: ['strict', 'interleave', 'preferred', 'restrictive'], description: 'How strictly.' },
            nodeset: { ...cpuListSchema, description: 'NUMA nodes of the host.' },
          },
        },
      ],
      description: "Where the guest's memory comes from; false: from anywhere.",
    },
    memory_backing: {
      type: 'object',
      additionalProperties: false,
      description: "What backs the guest's memory.",
      properties: {
        hugepages: {
          type: 'object',
          additionalProperties: false,
          required: ['size'],
          description: 'Huge pages.',
          properties: {
            size: { ...sizeSchema, description: 'Page size: 2M or 1G.' },
            nodeset: {
              ...cpuListSchema,
              description: "The guest's NUMA cells that use this size; absent: all memory.",
            },
          },
        },
        source: {
          enum: ['memfd', 'hugetlbfs'],
          description: 'memfd needs no mount; hugetlbfs is a file on a mount that libvirt finds.',
        },
        nosharepages: { type: 'boolean', description: 'Keep the pages out of KSM.' },
        locked: { type: 'boolean', description: 'Lock the memory; huge pages are locked anyway.' },
      },
    },
    pv_preset: {
      enum: ['windows', 'linux'],
      description:
        'What such a system wants of features and clock; what is given there comes first. ' +
        'Enlightenments that the host does not offer are left out and named.',
    },
    features: featureSchema,
    clock: clockSchema,
    remove_legacy_dataplane: {
      type: 'boolean',
      default: false,
      description: 'Take out -set device.….x-data-plane=on, scsi= and config-wce=, which stop the guest from starting.',
    },
    live: {
      type: 'boolean',
      default: false,
      description: 'Give a running domain at once what it can take: pins, and I/O threads that are added.',
    },
    power_protected: {
      type: 'boolean',
      default: false,
      description:
        'States that the host survives a power cut (UPS, battery-backed cache); cache writeback and unsafe need it.',
    },
  },
} as const;
