import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { hostPath } from '../../host/file/arguments.ts';
import { attributeSchemas } from '../../host/file/attributes.ts';

const names = {
  type: 'array',
  default: [],
  items: { type: 'string', pattern: '^[^-\\u0000\\n][^\\u0000\\n]*$' },
} as const;

const words = { type: 'array', default: [], items: { type: 'string', pattern: '^[^\\u0000\\n]+$' } } as const;

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['src', 'dest'],
  properties: {
    src: {
      type: 'string',
      minLength: 1,
      'x-file': 'source',
      'x-file-unless': 'remote_src',
      'x-home': 'path',
      description: 'The archive: of the role or the controller, or with remote_src an absolute path on the host.',
    },
    dest: { ...hostPath, description: 'The directory to unpack into; it must be there.' },
    remote_src: { type: 'boolean', default: false, description: 'src is a path on the host.' },
    creates: {
      ...hostPath,
      description: 'Where this path is there, nothing is unpacked; needed without remote_src.',
    },
    include: { ...names, description: 'Only these members are unpacked, by their names in the archive.' },
    exclude: { ...names, description: 'Members that match these globs are left out.' },
    extra_opts: { ...words, description: 'Options for GNU tar: --strip-components=1.' },
    keep_newer: {
      type: 'boolean',
      default: false,
      description: 'A file that is newer than its member stays as it is.',
    },
    list_files: { type: 'boolean', default: false, description: 'With remote_src: the result names all members.' },
    ...attributeSchemas,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    dest: { type: 'string', description: 'The directory.' },
    src: { type: 'string', description: 'The archive.' },
    handler: { type: 'string', description: 'What unpacks it: tar or unzip.' },
    files: { type: 'array', items: { type: 'string' }, description: 'With list_files: the members.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: The exporter is unpacked
  unarchive:
    src: /srv/node_exporter-1.8.2.tar.gz
    dest: /opt
    remote_src: true
    owner: root
`,
];
