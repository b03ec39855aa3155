import type { ObjectSchema } from '../../callable.ts';
import { hostPath, writeSchemas } from '../../host/file/arguments.ts';
import { copiedAttributeSchemas } from '../../host/file/attributes.ts';
import { resultSchemas } from '../../host/file/replace.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['src', 'dest'],
  properties: {
    src: {
      type: 'string',
      minLength: 1,
      'x-file': 'template',
      description: "The template, in the role's templates folder.",
    },
    dest: {
      ...hostPath,
      description:
        'The absolute path to write. A directory (or a path that ends in /) takes the name of src without .hbs.',
    },
    ...copiedAttributeSchemas,
    ...writeSchemas,
    force: { type: 'boolean', default: true, description: 'false: a file that is there already is left as it is.' },
    follow: { type: 'boolean', default: false, description: 'Writes to what a symbolic link at dest points to.' },
  },
} as const satisfies ObjectSchema;

export const returns = { type: 'object', properties: resultSchemas } as const satisfies ObjectSchema;

export const examples = [
  `- name: The bridge is described
  template:
    src: br0.netdev.hbs
    dest: /etc/systemd/network/br0.netdev
    mode: "0644"
`,
];
