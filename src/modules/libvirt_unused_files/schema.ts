import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { uriSchema } from '../../host/libvirt/virsh.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['directory', 'pattern'],
  properties: {
    directory: { type: 'string', pattern: '^/.*[^/]$', description: 'The directory.' },
    pattern: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._+-]{2,}[*][A-Za-z0-9._+-]*$',
      description: 'File names, with one * for the version: virtio-win-*.iso.',
    },
    keep: { type: 'array', items: { type: 'string' }, default: [], description: 'Paths or names that stay.' },
    uri: uriSchema,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    removed: { type: 'array', items: { type: 'string' }, description: 'Paths.' },
    in_use: { type: 'array', items: { type: 'string' }, description: 'Paths that a domain still names.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Old driver images go
  libvirt_unused_files:
    directory: /var/lib/libvirt/images
    pattern: virtio-win-*.iso
    keep: [virtio-win-0.1.271.iso]
`,
];
