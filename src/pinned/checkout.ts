import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { exitCodes, HostwrightError, messageOf } from '../errors.ts';
import { gitLocal, gitRemote } from './git.ts';

/** The folder of the cache for a commit of a repository. */
export function checkoutFolder(address: string, commit: string): string {
  const { XDG_CACHE_HOME: given = '' } = process.env;
  const cache = isAbsolute(given) ? given : join(homedir(), '.cache');
  const repository = createHash('sha256').update(address).digest('hex').slice(0, 32);
  return join(cache, 'hostwright', 'roles', repository, commit);
}

/**
 * Brings a commit into the cache. It is made next to its goal and renamed: half of it is never
 * seen, and of two at once one wins.
 * @throws HostwrightError
 */
export function makeCheckout(address: string, commit: string): void {
  const goal = checkoutFolder(address, commit);
  const unfinished = makeFolder(dirname(goal));
  try {
    const format = commit.length === 64 ? 'sha256' : 'sha1';
    gitLocal(['init', '--quiet', '--template=', `--object-format=${format}`, '--', unfinished]);
    fetchCommit(address, commit, unfinished);
    gitLocal(['checkout', '--quiet', '--force', '--detach', commit, '--'], unfinished);
    const fault = checkoutFault(unfinished, commit);
    if (fault !== undefined) throw new HostwrightError('roles.checkout', fault, { exitCode: exitCodes.usage });
    try {
      renameSync(unfinished, goal);
    } catch (error) {
      if (!existsSync(goal)) throw error;
    }
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function makeFolder(parent: string): string {
  try {
    mkdirSync(parent, { recursive: true });
    return mkdtempSync(join(parent, '.making-'));
  } catch (cause) {
    throw new HostwrightError('roles.cache', `the cache of roles cannot be written: ${messageOf(cause)}`, {
      hint: 'XDG_CACHE_HOME says where it is, and ~/.cache without it.',
      exitCode: exitCodes.usage,
      cause,
    });
  }
}

function fetchCommit(address: string, commit: string, into: string): void {
  const fetch = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules'];
  try {
    gitRemote([...fetch, '--depth=1', '--', address, commit], into);
  } catch {
    // Some servers give only what a ref names: then all of it, with the commit somewhere in there.
    gitRemote([...fetch, '--', address, '+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'], into);
  }
  try {
    gitLocal(['rev-parse', '--quiet', '--verify', `${commit}^{commit}`], into);
  } catch {
    const message = `there is no commit ${commit} in ${address}`;
    throw new HostwrightError('roles.commit', message, {
      hint: 'It must be in a branch or a tag. If a branch was rewritten: "hostwright roles update".',
      exitCode: exitCodes.usage,
    });
  }
}

/**
 * What is wrong with a checkout: not at its commit, or with a file that the commit does not have
 * so; undefined if nothing is.
 */
export function checkoutFault(folder: string, commit: string): string | undefined {
  let lines: readonly string[];
  try {
    const args = ['status', '--porcelain=v2', '--branch', '--untracked-files=all', '--ignored', '--no-renames'];
    lines = gitLocal([...args, '-z'], folder).split('\0');
  } catch (error) {
    if (error instanceof HostwrightError && error.code === 'roles.git')
      return `it is not a checkout any more (${error.message})`;
    throw error;
  }
  const at = lines.find(line => line.startsWith('# branch.oid '))?.slice('# branch.oid '.length);
  if (at !== commit) return `it is at ${at ?? 'no commit'}, not at ${commit}`;
  const changed = lines.filter(line => line !== '' && !line.startsWith('#')).map(nameOf);
  if (changed.length === 0) return undefined;
  const more = changed.length > 3 ? ` and ${changed.length - 3} more` : '';
  return `it was changed: ${changed.slice(0, 3).join(', ')}${more}`;
}

/** The file of a line: `? NAME`, `! NAME`, or `1` and seven fields before it. */
function nameOf(line: string): string {
  return line
    .split(' ')
    .slice(/^[?!] /.test(line) ? 1 : 8)
    .join(' ');
}
