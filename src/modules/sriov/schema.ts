import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { uriSchema } from '../../host/libvirt/virsh.ts';
import { pciAddress } from './device.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['pf', 'numvfs'],
  properties: {
    pf: {
      type: 'string',
      pattern: `^(${pciAddress}|[A-Za-z][A-Za-z0-9_.-]{0,14})$`,
      description: 'The device: a network interface (ens1f0) or a PCI address (0000:01:00.0).',
    },
    numvfs: { type: 'integer', minimum: 0, maximum: 65535, description: 'The number of virtual functions.' },
    autoprobe: {
      type: 'boolean',
      description: "Whether the host's drivers take new functions. false for those that only guests use.",
    },
    persist: {
      enum: ['auto', 'udev', 'networkmanager', 'none'],
      default: 'auto',
      description: 'What makes the functions at boot.',
    },
    allow_management: {
      type: 'boolean',
      default: false,
      description: 'Also if the host is reached by this device; its link may go down.',
    },
    rules_file: {
      type: 'string',
      pattern: '^/etc/udev/rules\\.d/[A-Za-z0-9._-]+\\.rules$',
      default: '/etc/udev/rules.d/66-hostwright-sriov.rules',
      description: 'The file of udev rules; one line per device is managed.',
    },
    uri: uriSchema,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    address: { type: 'string', description: 'The PCI address of the device.' },
    numvfs: { type: 'integer', description: 'The number of functions.' },
    totalvfs: { type: 'integer', description: 'The most that it can have.' },
    functions: {
      type: 'array',
      items: { type: 'string' },
      description: 'PCI addresses of those that are there.',
    },
    iommu: { type: 'boolean', description: 'Whether the host has an IOMMU, without which no guest gets one.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Guests get functions of the card
  sriov:
    pf: ens1f0
    numvfs: 8
    autoprobe: false
`,
];
