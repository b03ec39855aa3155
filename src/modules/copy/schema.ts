import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { hostPath, writeSchemas } from '../../host/file/arguments.ts';
import { copiedAttributeSchemas } from '../../host/file/attributes.ts';
import { resultSchemas } from '../../host/file/replace.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['dest'],
  properties: {
    src: {
      type: 'string',
      minLength: 1,
      'x-file': 'source',
      'x-file-unless': 'remote_src',
      'x-home': 'path',
      description: 'The file to copy: of the role or the controller, or with remote_src an absolute path on the host.',
    },
    content: {
      type: ['string', 'object', 'array'],
      description: 'The text that the file holds, instead of src; a map or list is written as JSON.',
    },
    dest: {
      ...hostPath,
      description:
        'The absolute path to write. A directory (or a path that ends in /) takes the file ' +
        'under the name it has in src.',
    },
    ...copiedAttributeSchemas,
    ...writeSchemas,
    force: { type: 'boolean', default: true, description: 'false: a file that is there already is left as it is.' },
    follow: { type: 'boolean', default: false, description: 'Writes to what a symbolic link at dest points to.' },
    remote_src: { type: 'boolean', default: false, description: 'src is a path on the host.' },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = { type: 'object', properties: resultSchemas } as const satisfies ObjectSchema;

export const examples = [
  `- name: The host greets
  copy:
    content: "Managed by Hostwright\\n"
    dest: /etc/motd
    mode: "0644"
`,
  `- name: sshd is configured
  copy:
    src: sshd.conf
    dest: /etc/ssh/sshd_config.d/10-site.conf
    mode: "0600"
    validate: sshd -t -f %s
`,
];
