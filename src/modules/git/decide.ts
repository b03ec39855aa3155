import { change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { join, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { clone, update } from './apply.ts';
import type { Checkout } from './checkout.ts';
import { environment, isCommit } from './environment.ts';
import type { Args } from './schema.ts';
import type { GitState } from './state.ts';
import type { Target } from './target.ts';

/** What a working copy comes to, from what is there and what the remote has. */
export function decideGit(args: Args, state: GitState): Decision<GitState> {
  const { place, target } = state;
  const { dest, repo, version } = args;
  if (place === 'other' || place === 'file') return occupied(args, place);
  if (target === 'unasked') {
    return upToDate('is there, and update is false', typeof place === 'object' ? place.head : undefined);
  }
  if (!target) {
    return refuse(
      `${repo} has no branch or tag ${version}`,
      /^[0-9a-f]{7,39}$/.test(version)
        ? 'A commit needs all of its 40 digits.'
        : 'Correct version: git ls-remote shows what is there.',
    );
  }
  if (typeof place === 'string') {
    if (!args.clone) return upToDate('is not there, and clone is false', undefined, target.commit);
    return change(place === 'absent' ? 'is not there' : 'is an empty directory', {
      diff: [{ subject: dest, before: '', after: `${target.commit} (${version}) of ${repo}\n` }],
      guard: script({ empty: sh`[ -z "$(ls -A ${dest} 2>/dev/null)" ] || exit 75` }),
      apply: clone(args, target),
      ...(place === 'absent'
        ? { creates: [{ kind: 'path', name: dest }] }
        : { alters: [{ kind: 'path', name: dest }] }),
      verify: { proves: proves(args) },
      result: resultOf(undefined, target.commit),
    });
  }
  return decideUpdate(args, place, target);
}

function decideUpdate(args: Args, there: Checkout, target: Target): Decision<GitState> {
  const { dest, force, repo, version } = args;
  if (!force && there.changes !== '') {
    return refuse(
      `files of ${dest} were changed there: ${shorten(there.changes)}`,
      'Look at them: git diff. If the changes are not needed, say force: true, which throws them away.',
    );
  }
  const moves = there.head !== target.commit;
  const own = there.own.get('HEAD') ?? there.own.get(`refs/heads/${target.branch}`);
  if (!force && moves && own !== undefined) {
    return refuse(
      `${dest} has commits that the remote does not have: ${own}`,
      'Look at them: git log. If they are not needed, say force: true, after which only the reflog has them.',
    );
  }
  const reasons = [
    there.url !== repo && 'has another remote',
    moves && `is at ${there.head?.slice(0, 12) ?? 'no commit'}`,
    there.changes !== '' && 'was changed there',
    there.modules.length > 0 && `has other submodules (${there.modules.join(', ')})`,
  ].filter(reason => reason !== false);
  if (reasons.length === 0) return upToDate(`is at ${version}`, there.head);
  return change(reasons.join(', '), {
    diff: [
      {
        subject: dest,
        before: shown(there.head, there.url, there.changes, there.modules),
        after: shown(target.commit, repo, '', []),
      },
    ],
    guard: script({ same: same(args, there) }),
    apply: update(args, target, there),
    alters: [{ kind: 'path', name: dest }],
    verify: { proves: proves(args) },
    result: { ...resultOf(there.head, target.commit), remote_url_changed: there.url !== repo },
  });
}

/**
 * The same decision afterwards; the result is that of the change, since only it knows both commits.
 */
function proves(args: Args): (after: GitState) => string | undefined {
  return after => {
    const next = decideGit(args, after);
    return next.kind === 'ok' ? undefined : next.kind === 'change' ? next.reason : next.message;
  };
}

function same(args: Args, { head, changes }: Checkout) {
  const commit = args.bare ? `${args.version}^{commit}` : 'HEAD^{commit}';
  const status = sh`[ "$(git status --porcelain --untracked-files=no)" = ${changes.replace(/\n+$/, '')} ] || exit 75`;
  return join([
    environment(args),
    sh`cd ${args.dest} || exit 75`,
    sh`[ "$(git rev-parse --verify -q ${commit})" = ${head ?? ''} ] || exit 75`,
    !args.bare && status,
  ]);
}

function shown(head: string | undefined, url: string, changes: string, modules: readonly string[]): string {
  const other = modules.map(name => `other submodule: ${name}\n`).join('');
  return `commit: ${head ?? 'none'}\nremote: ${url}\n${changes}${other}`;
}

function resultOf(before: string | undefined, after: string | undefined) {
  return { before: before ?? '', after: after ?? '', remote_url_changed: false };
}

function upToDate(reason: string, head: string | undefined, after = head): Decision<GitState> {
  return ok(reason, { result: resultOf(head, after) });
}

function occupied({ dest, bare }: Args, place: 'other' | 'file'): Refuse {
  const what =
    place === 'file' ? 'is not a directory' : `is not empty, and not a ${bare ? 'bare ' : ''}repository of git`;
  return refuse(`${dest} ${what}`, 'Check dest. What is there is never thrown away; move it out of the way by hand.');
}

function shorten(changes: string): string {
  const lines = changes.trimEnd().split('\n');
  return lines.length <= 5 ? lines.join(', ') : `${lines.slice(0, 5).join(', ')} and ${lines.length - 5} more`;
}

/** What the schema cannot say about a version. */
export function versionProblem({ version, bare }: Args): string | undefined {
  if (bare && isCommit(version))
    return 'is a commit, and a bare repository has nothing checked out: name a branch or tag';
  return /\.\.|@\{|\/\/|\/$|\.lock$/.test(version) ? 'is not a name of a branch, tag or commit' : undefined;
}
