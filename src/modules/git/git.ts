import type { ArgumentProblem } from '../../callable.ts';
import { hostPath } from '../../host/file/arguments.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { decideGit, versionProblem } from './decide.ts';
import { type GitArguments, probeGit } from './probe.ts';
import { readGit } from './read.ts';

/** A working copy of a git repository at a version. */
export const git = defineModule({
  name: 'git',
  summary: 'A clone of a git repository, at a branch, tag or commit.',
  description: `Owns the commit that is checked out and the URL of the remote. What would be checked out is what \`git ls-remote\` says, in check mode too.
Files that git does not know stay. Where files were changed, or commits are there that no remote is known to have, it is refused, unless \`force\` is
given. A directory that holds something else is never touched.

git asks for no password: use \`key_file\`, or a credential helper. A password in the URL would be
in argument lists, and is refused.`,
  args: {
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
  },
  returns: {
    type: 'object',
    properties: {
      before: { type: 'string', description: 'The commit that was checked out; empty for none.' },
      after: { type: 'string', description: 'The commit that is checked out; in check mode, that would be.' },
      remote_url_changed: { type: 'boolean', description: 'Whether the remote had another URL.' },
    },
  },
  examples: [
    'name: The hooks of the site\ngit:\n  repo: git@git.example.com:kvm/hooks.git\n  dest: /etc/libvirt/hooks\n  version: v1.4\n  key_file: /root/.ssh/deploy\nregister: hooks\n',
  ],
  problems,
  owns: ({ dest, version }) => [{ subject: `git ${dest}`, attribute: 'version', value: version }],
  probe: args => script(probeGit(args), { limit: 120 }),
  read: readGit,
  decide: decideGit,
});

function problems(args: GitArguments): ArgumentProblem[] {
  const found: ArgumentProblem[] = [];
  if (/^[a-z+]+:\/\/[^/@]*:[^/@]*@/.test(args.repo)) {
    found.push({
      argument: 'repo',
      message: 'has a password, which would be seen in argument lists: use key_file or a credential helper',
    });
  }
  if (args.bare && args.remote !== 'origin') {
    found.push({ argument: 'remote', message: 'is always origin in a bare repository' });
  }
  const version = versionProblem(args);
  if (version !== undefined) found.push({ argument: 'version', message: version });
  return found;
}
