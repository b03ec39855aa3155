import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { definitionSchema } from '../../host/libvirt/define.ts';
import { domainName, uriSchema } from '../../host/libvirt/virsh.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['domain'],
  properties: {
    domain: { ...domainName, description: 'Name of the domain.' },
    source: { type: 'string', pattern: '^/', description: 'The image on the host; needed for attached.' },
    match: {
      type: 'string',
      pattern: '^/',
      description: 'Images that it replaces: a path with * (/…/virtio-win-*.iso).',
    },
    state: {
      enum: ['attached', 'ejected', 'absent'],
      default: 'attached',
      description: 'In the drive, drive empty, or no drive.',
    },
    target: {
      type: 'string',
      pattern: '^(auto|[shv]d[a-z]{1,2})$',
      default: 'auto',
      description: 'The drive (sdb), or auto.',
    },
    live: { type: 'boolean', default: false, description: 'Change the medium of a running domain at once.' },
    uri: uriSchema,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    target: { type: 'string', description: "The drive's target; '' where there is none." },
    definition: definitionSchema,
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: The driver image is in the drive of winlike
  libvirt_cdrom:
    domain: winlike
    source: /var/lib/libvirt/images/virtio-win-0.1.271.iso
    match: /var/lib/libvirt/images/virtio-win-*.iso
    live: true
`,
];
