import type { ArgumentProblem } from '../../callable.ts';
import { defineModule } from '../module.ts';
import { decideGit, versionProblem } from './decide.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { gitState } from './state.ts';

/** A working copy of a git repository at a version. */
export const git = defineModule({
  name: 'git',
  summary: 'A clone of a git repository, at a branch, tag or commit.',
  description: `Owns the commit that is checked out and the URL of the remote. What would be
checked out is what \`git ls-remote\` says, in check mode too. Files that git does not know stay.
Where files were changed, or commits are there that no remote is known to have, it is refused,
unless \`force\` is given. A directory that holds something else is never touched.

git asks for no password: use \`key_file\`, or a credential helper. A password in the URL would be
in argument lists, and is refused.`,
  args,
  returns,
  examples,
  problems,
  owns: ({ dest, version }) => [{ subject: `git ${dest}`, attribute: 'version', value: version }],
  look: gitState,
  decide: decideGit,
});

function problems(args: Args): ArgumentProblem[] {
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
