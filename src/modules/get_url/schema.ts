import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { hostPath } from '../../host/file/arguments.ts';
import { attributeSchemas } from '../../host/file/attributes.ts';
import { resultSchemas } from '../../host/file/replace.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['url', 'dest'],
  properties: {
    url: { type: 'string', pattern: '^(https?|ftp|file)://[^\\s]+$', description: 'Where to fetch it.' },
    dest: {
      ...hostPath,
      description: 'The absolute path; a directory takes the name that the URL ends in.',
    },
    checksum: {
      type: 'string',
      pattern: '^(sha256:[0-9a-fA-F]{64}|sha512:[0-9a-fA-F]{128}|sha1:[0-9a-fA-F]{40}|md5:[0-9a-fA-F]{32})$',
      description: 'What it must hash to: sha256:HEX (or sha512, sha1, md5).',
    },
    force: { type: 'boolean', default: false, description: 'Without checksum: fetches it each time.' },
    headers: {
      type: 'object',
      default: {},
      additionalProperties: { type: 'string' },
      'x-secret': true,
      description:
        'HTTP headers. They reach curl on its stdin; wget cannot take them so, and is not used with headers.',
    },
    timeout: { type: 'integer', minimum: 1, default: 10, description: 'Seconds for the connection.' },
    validate_certs: { type: 'boolean', default: true, description: 'Checks the certificate of the server.' },
    ...attributeSchemas,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: { ...resultSchemas, url: { type: 'string', description: 'Where it was fetched.' } },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: The driver image
  get_url:
    url: https://example.com/virtio-win-0.1.271.iso
    dest: /srv/images/
    checksum: sha256:bbe6166ad86a490caefad438fef8aa494926cb0a1b37fa1212925cfd81656429
    mode: "0644"
`,
];
