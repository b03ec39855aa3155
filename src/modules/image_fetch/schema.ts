import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { pathPattern } from '../../host/file/arguments.ts';
import { attributeSchemas } from '../../host/file/attributes.ts';
import { uriSchema } from '../../host/libvirt/virsh.ts';
import { sizeSchema } from '../../host/size.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['dest', 'size', 'bytes', 'sha256', 'manifest'],
  properties: {
    dest: { type: 'string', pattern: pathPattern, description: 'The absolute path of the image.' },
    size: { type: 'integer', minimum: 0, description: 'Bytes of the image.' },
    bytes: { type: 'integer', minimum: 0, description: 'Bytes without the chunks of zeros.' },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'The hash of the whole.' },
    manifest: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'The hash of the list of hashes.' },
    chunk_size: { ...sizeSchema, default: '64M', description: 'The size of a chunk, as the manifest has it.' },
    parallel: { type: 'integer', minimum: 1, maximum: 8, default: 2, description: 'Chunks fetched at once.' },
    stall: { type: 'integer', minimum: 5, default: 300, description: 'Seconds without a chunk that are a failure.' },
    ...attributeSchemas,
    uri: uriSchema,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    path: { type: 'string', description: 'The image.' },
    sha256: { type: 'string', description: 'Its hash.' },
    missing: { type: 'boolean', description: 'Whether it is not there yet.' },
    from: {
      type: 'object',
      additionalProperties: { type: 'integer' },
      description: 'How many chunks this run has fetched from each peer.',
    },
    troubles: {
      type: 'array',
      items: { type: 'string' },
      description: 'Peers that were away, or sent something else.',
    },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: The image is here
  image_fetch:
    dest: /srv/images/debian-13.qcow2
    size: 2147483648
    bytes: 1073741824
    sha256: bbe6166ad86a490caefad438fef8aa494926cb0a1b37fa1212925cfd81656429
    manifest: 6cb0a1b37fa1212925cfd81656429bbe6166ad86a490caefad438fef8aa49492
`,
];
