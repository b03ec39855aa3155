import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { pathPattern } from '../../host/file/arguments.ts';
import { sizeSchema } from '../../host/size.ts';

export const publicKey = '^(ssh-|ecdsa-|sk-)[A-Za-z0-9@.-]+ [A-Za-z0-9+/=]+$';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['dest', 'state'],
  properties: {
    dest: {
      type: 'string',
      pattern: pathPattern,
      description: 'Where the hosts have the image: what tells runs apart.',
    },
    state: { enum: ['key', 'open', 'closed'], description: 'key, then open, and closed in the end.' },
    authorized_keys: {
      type: 'string',
      pattern: pathPattern,
      description: "The file of keys, where it is not root's ~/.ssh/authorized_keys.",
    },
    file: { type: 'string', pattern: pathPattern, description: 'open: the file that is served. Not given: dest.' },
    full: { type: 'boolean', default: false, description: 'open: it is whole already.' },
    keys: {
      type: 'array',
      default: [],
      items: { type: 'string', pattern: publicKey },
      description: 'open: the public keys of the hosts that fetch.',
    },
    peers: {
      type: 'array',
      default: [],
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'address', 'host_keys'],
        properties: {
          name: { type: 'string', pattern: '^[^\\s]+$', description: 'What it is called.' },
          address: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_.:-]*$', description: 'Where it is reached.' },
          port: { type: 'integer', minimum: 1, maximum: 65535, description: 'The port of its sshd.' },
          host_keys: { type: 'array', items: { type: 'string', pattern: publicKey }, description: 'Its host keys.' },
        },
      },
      description: 'open: those from whom the host may fetch, the source first.',
    },
    chunks: { type: 'integer', minimum: 0, description: 'open: how many chunks the image has.' },
    chunk_size: { ...sizeSchema, default: '64M', description: 'open: bytes of a chunk.' },
    fanout: { type: 'integer', minimum: 1, maximum: 16, default: 2, description: 'open: transfers at once.' },
    limit: {
      ...sizeSchema,
      default: 0,
      description: 'open: bytes a second that the host sends in all; 0: no limit.',
    },
    expires: { type: 'integer', minimum: 60, default: 86400, description: 'open: seconds until the keys are void.' },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    public_key: { type: 'string', description: 'key: the public key of this host.' },
    host_keys: { type: 'array', items: { type: 'string' }, description: 'key: what its sshd proves itself by.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Nothing is left of a run
  image_peer:
    dest: /srv/images/debian-13.qcow2
    state: closed
`,
];
