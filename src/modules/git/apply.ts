import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { type Script, script } from '../../shell/script.ts';
import type { Checkout } from './checkout.ts';
import { environment, isCommit, mark } from './environment.ts';
import type { Args } from './schema.ts';
import type { Target } from './target.ts';

/** Clones to a place where nothing is. A commit is fetched by itself where it is in no branch. */
export function clone(args: Args, target: Target): Script {
  const { repo, dest, remote, bare, version, depth } = args;
  const commit = isCommit(version);
  const named = !commit && version !== 'HEAD' && !version.startsWith('refs/');
  const words = join(
    [
      raw('git clone -q'),
      // A bare repository has no place for the branches of a remote.
      bare ? raw('--bare') : sh`-o ${remote}`,
      depth !== undefined && sh`--depth ${depth}`,
      named && !bare && sh`--branch ${version}`,
      !named && version !== 'HEAD' && !bare && raw('--no-checkout'),
      sh`-- ${repo} ${dest}`,
    ],
    ' ',
  );
  const own = !named && version !== 'HEAD' && !bare;
  return script({
    clone: join([environment(args), words]),
    ...(own && { fetch: fetch(args, target) }),
    ...(own && { checkout: checkout(args, target, true) }),
    ...(!bare && { finish: finish(args) }),
  });
}

/** Brings what is there to the version. */
export function update(args: Args, target: Target, there: Checkout): Script {
  const { remote, bare, repo, dest } = args;
  const verb = there.url === '' ? raw('add') : raw('set-url');
  return script({
    ...(there.url !== repo && { remote: sh`git -C ${dest} remote ${verb} ${remote} ${repo}` }),
    ...((there.head !== target.commit || bare) && { fetch: fetch(args, target) }),
    ...(!bare &&
      (there.head !== target.commit || there.changes !== '') && {
        checkout: checkout(args, target, there.head !== target.commit),
      }),
    ...(!bare && { finish: finish(args) }),
  });
}

function fetch(args: Args, { ref, branch }: Target): ShellText {
  const { dest, remote, bare, depth, version } = args;
  const how = depth === undefined ? raw('') : sh` --depth ${depth}`;
  const enter = join([environment(args), sh`cd ${dest} || exit`]);
  const heads = `+refs/heads/*:refs/${bare ? 'heads' : `remotes/${remote}`}/*`;
  const all = sh`git fetch -q${how} --tags ${remote} ${heads}`;
  if (bare) return join([enter, all]);
  if (isCommit(version)) {
    // Not every server gives a commit by its number; then all branches are fetched, without a
    // limit.
    const rest = sh`git fetch -q --tags ${remote} ${heads}`;
    return join([
      enter,
      sh`git cat-file -e ${`${version}^{commit}`} 2>/dev/null || git fetch -q${how} ${remote} ${version} || ${rest}`,
    ]);
  }
  const to = branch === undefined ? ref : `refs/remotes/${remote}/${branch}`;
  return join([
    enter,
    ref === 'HEAD' ? sh`git fetch -q${how} ${remote} HEAD` : sh`git fetch -q${how} ${remote} ${`+${ref}:${to}`}`,
  ]);
}

/** `moves`: to what was fetched, and not only to what is checked out already. */
function checkout({ dest, force, version }: Args, { branch }: Target, moves: boolean): ShellText {
  const forced = raw(force ? ' -f' : '');
  const commit = !moves ? 'HEAD' : isCommit(version) ? version : 'FETCH_HEAD';
  if (!moves) return sh`git -C ${dest} reset -q --hard`;
  return branch === undefined
    ? sh`git -C ${dest} checkout -q${forced} --detach ${commit}`
    : sh`git -C ${dest} checkout -q${forced} -B ${branch} ${commit}`;
}

/** Submodules, and the mark by which the next run knows that no commit here is anybody's own. */
function finish(args: Args): ShellText {
  const { dest, recursive, force, depth } = args;
  const how = join([force && raw('--force'), depth !== undefined && sh`--depth ${depth}`], ' ');
  return join([
    environment(args),
    sh`cd ${dest} || exit`,
    recursive &&
      sh`if [ -e .gitmodules ]; then git submodule -q sync --recursive && \
git submodule -q update --init --recursive ${how} || exit; fi`,
    sh`git update-ref ${mark} HEAD`,
  ]);
}
