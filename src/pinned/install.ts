import { existsSync } from 'node:fs';
import { HostwrightError } from '../errors.ts';
import { collectProblems, type Problems } from '../language/problems.ts';
import { inside } from '../language/source.ts';
import { checkoutFolder, makeCheckout } from './checkout.ts';
import { type LockedRole, lockedCommit, lockFileOf, readLock, writeLock } from './lock.ts';
import { resolveRef } from './resolve-ref.ts';
import { roleFolder } from './role-folder.ts';
import type { WantedRole } from './wanted.ts';

/** What was done for a role. */
export interface InstalledRole extends LockedRole {
  /** The commit that the lock had for this name. */
  readonly before?: string;
  /** False if it was in the cache already. */
  readonly isFetched: boolean;
}

/**
 * Brings every role into the cache and writes the lock. A role that is locked stays at its commit,
 * unless `again` wants its ref resolved again.
 * @throws InvalidInput with all roles that could not be brought; then the lock is as it was
 */
export function installRoles(
  file: string,
  wanted: readonly WantedRole[],
  again: (name: string) => boolean,
): { readonly installed: readonly InstalledRole[]; readonly dropped: readonly string[] } {
  const lock = readLock(lockFileOf(file));
  const problems = collectProblems();
  const installed = wanted.flatMap((role): readonly InstalledRole[] => {
    const locked = again(role.name) ? undefined : lockedCommit(lock, role);
    const commit = locked ?? attempt(role, problems, () => resolveRef(role.address, role.ref));
    if (commit === undefined) return [];
    const isFetched = attempt(role, problems, () => bring(role, commit, problems));
    const before = lock.get(role.name)?.commit;
    const { name, git, ref } = role;
    return [{ name, git, ref, commit, isFetched: isFetched ?? false, ...(before === undefined ? {} : { before }) }];
  });
  problems.throwIfAny();
  writeLock(file, installed);
  const names = new Set(wanted.map(({ name }) => name));
  return { installed, dropped: [...lock.keys()].filter(name => !names.has(name)) };
}

/**
 * Sees to it that a commit is in the cache as it must be, with the role in it; true if it was
 * fetched.
 */
function bring(role: WantedRole, commit: string, problems: Problems): boolean {
  const isFetched = !existsSync(checkoutFolder(role.address, commit));
  if (isFetched) makeCheckout(role.address, commit);
  roleFolder(role, commit, problems);
  return isFetched;
}

/** Does work for a role; where it fails, that is a problem of the role's line. */
function attempt<T>(role: WantedRole, problems: Problems, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof HostwrightError) || error.code === 'roles.no-git') throw error;
    const place = inside(role.part, error.code === 'roles.ref' ? 'ref' : 'name');
    const more = error.code === 'roles.git' ? '"git ls-remote" with this address, by hand, may say more.' : undefined;
    problems.add(place, `role "${role.name}": ${error.message}`, error.hint ?? more);
    return undefined;
  }
}
