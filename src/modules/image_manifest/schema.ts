import type { ObjectSchema } from '../../callable.ts';
import { pathPattern } from '../../host/file/arguments.ts';
import { uriSchema } from '../../host/libvirt/virsh.ts';
import { sizeSchema } from '../../host/size.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    path: { type: 'string', pattern: pathPattern, description: 'The absolute path of the image.' },
    chunk_size: { ...sizeSchema, default: '64M', description: 'The size of a chunk, a multiple of 64 KiB.' },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'What the whole must hash to.' },
    uri: uriSchema,
  },
} as const satisfies ObjectSchema;

export const returns = {
  type: 'object',
  properties: {
    size: { type: 'integer', description: 'Bytes of the image.' },
    sha256: { type: 'string', description: 'The hash of the whole.' },
    chunk_size: { type: 'integer', description: 'Bytes of a chunk.' },
    chunks: { type: 'integer', description: 'How many chunks it has.' },
    bytes: { type: 'integer', description: 'Bytes at most, without the chunks of zeros.' },
    manifest: { type: 'string', description: 'The hash of the list of hashes.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: What the image hashes to
  image_manifest:
    path: /srv/images/debian-13.qcow2
`,
];
