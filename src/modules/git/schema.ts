import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { hostPath } from '../../host/file/arguments.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['repo', 'dest'],
  properties: {
    repo: {
      type: 'string',
      pattern: '^[A-Za-z0-9/][^\\n\\u0000]*$',
      description: 'The repository: https://…, ssh://…, user@host:path, or an absolute path.',
    },
    dest: { ...hostPath, description: 'The absolute path of the working copy.' },
    version: {
      type: 'string',
      pattern: '^[A-Za-z0-9_][A-Za-z0-9_./+@-]*$',
      default: 'HEAD',
      description: 'A branch, a tag, or a commit with all of its 40 digits. HEAD: the default branch of the remote.',
    },
    remote: {
      type: 'string',
      pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]*$',
      default: 'origin',
      description: 'The name of the remote.',
    },
    depth: { type: 'integer', minimum: 1, description: 'Fetches only so many commits.' },
    force: {
      type: 'boolean',
      default: false,
      description: 'Throws away changes of files and commits that were made there.',
    },
    update: { type: 'boolean', default: true, description: 'false: what is there already stays as it is.' },
    clone: { type: 'boolean', default: true, description: 'false: nothing is cloned where nothing is.' },
    bare: { type: 'boolean', default: false, description: 'A bare repository, without files.' },
    recursive: { type: 'boolean', default: true, description: 'Submodules are checked out too.' },
    accept_newhostkey: {
      type: 'boolean',
      default: false,
      description: 'Accepts the key of an SSH server that is not known at all; a changed one never.',
    },
    key_file: { ...hostPath, description: 'The private SSH key on the host.' },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    before: { type: 'string', description: 'The commit that was checked out; empty for none.' },
    after: { type: 'string', description: 'The commit that is checked out; in check mode, that would be.' },
    remote_url_changed: { type: 'boolean', description: 'Whether the remote had another URL.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: The hooks of the site
  git:
    repo: git@git.example.com:kvm/hooks.git
    dest: /etc/libvirt/hooks
    version: v1.4
    key_file: /root/.ssh/deploy
  register: hooks
`,
];
