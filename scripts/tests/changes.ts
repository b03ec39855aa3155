import { spawnSync } from 'node:child_process';

/** The hash of the commit that is checked out. */
export function headCommit(): string {
  return git(['rev-parse', 'HEAD'])?.trim() ?? 'no commit';
}

/**
 * Files that differ between a revision and the tree as it is now, or undefined if git does not know
 * the revision.
 */
export function changedSince(revision: string): string[] | undefined {
  const committed = git(['diff', '--name-only', revision, '--']);
  const added = git(['ls-files', '--others', '--exclude-standard']);
  if (committed === undefined || added === undefined) return undefined;
  return `${committed}${added}`.split('\n').filter(name => name !== '');
}

/** The nearest of these commits that the checked-out one comes from, if any. */
export function nearestAncestor(commits: ReadonlySet<string>): string | undefined {
  return git(['rev-list', '--max-count=2000', 'HEAD'])
    ?.split('\n')
    .find(commit => commits.has(commit));
}

function git(args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 });
  return status === 0 ? stdout : undefined;
}
