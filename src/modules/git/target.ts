import { CannotTell, type Resource } from '../../shell/answer.ts';
import { type Look, look, own } from '../../shell/look.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Output } from '../../shell/script.ts';
import { environment } from './environment.ts';
import type { Args } from './schema.ts';

/** What the version is in the remote. */
export interface Target {
  readonly commit: string;
  /** The branch to be on; undefined for a tag or a commit. */
  readonly branch: string | undefined;
  /** The name to fetch. */
  readonly ref: string;
}

/** What the remote has as the version; undefined where it has none. @throws CannotTell */
export function targetIn(args: Args): Look<Target | undefined> {
  return look({ [own]: remote(args) }, ({ [own]: found }) => {
    if (!found) throw new CannotTell('git gave no answer');
    if (found.code !== 0) throw unanswered(args, found);
    return targetOf(args.version, found.stdout);
  });
}

function targetOf(version: string, text: string): Target | undefined {
  const lines = text.split('\n').map(line => line.split('\t'));
  const commitOf = (name: string) => lines.find(([id, ref]) => ref === name && /^[0-9a-f]{40,64}$/.test(id ?? ''))?.[0];
  if (version === 'HEAD') {
    const commit = commitOf('HEAD');
    const [, branch] = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(text) ?? [];
    return commit === undefined
      ? undefined
      : { commit, branch, ref: branch === undefined ? 'HEAD' : `refs/heads/${branch}` };
  }
  const names = version.startsWith('refs/') ? [version] : [`refs/heads/${version}`, `refs/tags/${version}`];
  for (const ref of names) {
    const commit = commitOf(`${ref}^{}`) ?? commitOf(ref);
    const [, branch] = /^refs\/heads\/(.*)$/.exec(ref) ?? [];
    if (commit !== undefined) return { commit, branch, ref };
  }
  return undefined;
}

function unanswered({ repo, key_file }: Args, { code, stderr }: Output): CannotTell {
  const needs: Resource[] = key_file === undefined ? [] : [{ kind: 'path', name: key_file }];
  return new CannotTell(`git could not ask ${repo}: ${stderr.trim() || `exit code ${code}`}`, {
    advice: adviceFor(stderr),
    needs: [
      ...needs,
      { kind: 'program', name: 'git' },
      ...(repo.startsWith('/') ? [{ kind: 'path', name: repo } as const] : []),
    ],
  });
}

function adviceFor(said: string): string {
  if (/Host key verification failed/.test(said)) {
    return (
      'Compare the key of the server, and add it to known_hosts; or say accept_newhostkey: ' +
      'true for one that is not known at all.'
    );
  }
  if (/Permission denied|Authentication failed|could not read Username/.test(said)) {
    return 'Name a key that the server knows (key_file), or set up a credential helper for the user.';
  }
  return 'Try it on the host itself: git ls-remote.';
}

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
