import { posix } from 'node:path';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Args } from './schema.ts';

/**
 * The commit that this module checked out last, which may be in no branch of the remote that was
 * fetched.
 */
export const mark = 'refs/hostwright/checked-out';

/** Whether a version is a commit and not a name. */
export function isCommit(version: string): boolean {
  return /^[0-9a-f]{40}$/.test(version);
}

/**
 * What every git of ours is told: it cannot ask anyone, and looking takes no lock.
 * @param known shell text of another file of known hosts, so that a look leaves none behind.
 */
export function environment({ dest, key_file, accept_newhostkey }: Args, known?: string): ShellText {
  const options = join(
    [
      raw('ssh -o BatchMode=yes'),
      key_file !== undefined && sh`-o IdentitiesOnly=yes -i ${key_file}`,
      accept_newhostkey && raw('-o StrictHostKeyChecking=accept-new'),
    ],
    ' ',
  );
  return join([
    // A repository that dest lies in is another one.
    sh`export GIT_TERMINAL_PROMPT=0 GIT_OPTIONAL_LOCKS=0 GIT_CEILING_DIRECTORIES=${posix.dirname(posix.normalize(dest))}`,
    known === undefined
      ? sh`export GIT_SSH_COMMAND=${options.text}`
      : sh`export GIT_SSH_COMMAND=${options.text}" -o UserKnownHostsFile=${raw(known)}"`,
  ]);
}

/** The questions: what is at dest, what was changed there, and what the remote has. */
export function probeGit(args: Args): Record<string, ShellText> {
  return {
    local: local(args),
    ...(!args.bare && { changes: join([enter(args), raw('exec git status --porcelain --untracked-files=no')]) }),
    ...(!args.bare && { commits: join([enter(args), ownCommits]) }),
    ...(!args.bare &&
      args.recursive && {
        modules: join([enter(args), raw('[ -e .gitmodules ] || exit 0\nexec git submodule status --recursive')]),
      }),
    ...(!isCommit(args.version) && { remote: remote(args) }),
  };
}

/**
 * Leaves with 3 if nothing is at dest, 4 if it is not a directory, 5 if that is empty, 6 if it
 * holds something else.
 */
function local(args: Args): ShellText {
  const { dest, bare, version, remote: name } = args;
  const marker = bare ? `${dest}/objects` : `${dest}/.git`;
  const commit = bare ? `${version}^{commit}` : 'HEAD^{commit}';
  return join([
    raw('command -v git >/dev/null || exit 127'),
    environment(args),
    sh`if [ ! -e ${dest} ] && [ ! -L ${dest} ]; then exit 3; fi`,
    sh`[ -d ${dest} ] || exit 4`,
    sh`if [ ! -e ${marker} ]; then all=$(ls -A ${dest}) || exit 1; if [ -z "$all" ]; then exit 5; fi; exit 6; fi`,
    sh`cd ${dest} && git rev-parse --git-dir >/dev/null || exit 1`,
    sh`printf 'head=%s\\n' "$(git rev-parse --verify -q ${commit})"`,
    sh`printf 'url=%s\\n' "$(git config --get ${`remote.${name}.url`})"`,
  ]);
}

function enter(args: Args): ShellText {
  return join([sh`[ -e ${`${args.dest}/.git`} ] || exit 0`, environment(args), sh`cd ${args.dest} || exit`]);
}

/**
 * A line for what is checked out and for each branch that has a commit which no remote is known to
 * have.
 */
const ownCommits = sh`git rev-parse --verify -q HEAD >/dev/null || exit 0
for name in HEAD $(git for-each-ref --format='%(refname)' refs/heads); do
  own=$(git rev-list -n 1 "$name" --not --remotes --tags --glob='refs/hostwright/*') || exit
  if [ -n "$own" ]; then printf '%s %s\\n' "$name" "$own"; fi
done`;

/**
 * Asks for the version by all that it may be, and for nothing where the answer would not be used.
 */
function remote(args: Args): ShellText {
  const { repo, dest, version, update } = args;
  const names =
    version === 'HEAD' || version.startsWith('refs/')
      ? [version, `${version}^{}`]
      : [`refs/heads/${version}`, `refs/tags/${version}`, `refs/tags/${version}^{}`];
  const ask = sh`git ls-remote --symref -- ${repo} ${names}`;
  return join([
    !update && sh`if [ -e ${dest}/.git ] || [ -e ${dest}/objects ]; then exit 0; fi`,
    args.accept_newhostkey &&
      raw(`k=$(mktemp) || exit
trap 'rm -f "$k"' 0
cat ~/.ssh/known_hosts > "$k" 2>/dev/null`),
    environment(args, args.accept_newhostkey ? '$k' : undefined),
    ask,
  ]);
}
