import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { hostPath, pathPattern } from '../../host/file/arguments.ts';
import { uriSchema } from '../../host/libvirt/virsh.ts';
import { sizeSchema } from '../../host/size.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    path: { ...hostPath, description: 'The absolute path of the image.' },
    state: {
      enum: ['present', 'absent'],
      default: 'present',
      description: 'absent: the file is removed (--allow data-loss), unless a guest or another image needs it.',
    },
    format: { enum: ['qcow2', 'raw'], default: 'qcow2', description: 'The format of the image.' },
    size: { ...sizeSchema, description: "What the guest sees. Not given: the backing file's size." },
    backing: {
      type: 'object',
      additionalProperties: false,
      required: ['path', 'format'],
      properties: {
        path: { type: 'string', pattern: pathPattern, description: 'Its absolute path.' },
        format: { enum: ['qcow2', 'raw'], description: 'Its format, which must be told.' },
      },
      description: 'The file that holds what the image does not.',
    },
    preallocation: {
      enum: ['off', 'metadata', 'falloc', 'full'],
      default: 'off',
      description: 'What is allocated at once: nothing, the tables, all of it, or all of it written.',
    },
    cluster_size: {
      ...sizeSchema,
      description: "Bytes of a cluster, a power of two from 512 to 2M: QEMU's own is 64K.",
    },
    extended_l2: {
      type: 'boolean',
      description: 'Divides each cluster into 32 parts, so that small writes to an overlay copy less (QEMU 5.2).',
    },
    grow: { type: 'boolean', default: false, description: 'Makes a smaller image larger while no guest runs on it.' },
    protect_backing: {
      type: 'boolean',
      default: true,
      description: 'Takes the permission to write from the backing file.',
    },
    uri: uriSchema,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    path: { type: 'string', description: 'The image.' },
    format: { type: 'string', description: 'Its format.' },
    size: { type: 'integer', description: 'Bytes that the guest sees.' },
    backing: { type: 'string', description: 'Its base; empty: none.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: A disk that is allocated at once
  qemu_image:
    path: /srv/images/vm1.qcow2
    size: 40G
    preallocation: falloc
`,
  `- name: A guest on a common base
  qemu_image:
    path: /srv/images/vm2.qcow2
    backing: {path: /srv/images/debian-13.qcow2, format: qcow2}
    cluster_size: 128K
    extended_l2: true
`,
];
