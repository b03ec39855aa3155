import { existsSync } from 'node:fs';
import { certain } from '../errors.ts';
import type { NamedRoles } from '../language/parse/read-role.ts';
import { collectProblems } from '../language/problems.ts';
import { inside } from '../language/source.ts';
import { checkoutFolder } from './checkout.ts';
import { lockedCommit, lockFileOf, readLock } from './lock.ts';
import { installHint, roleFolder } from './role-folder.ts';
import { readRolesFile } from './wanted.ts';

/**
 * The roles of a roles.yml, from the cache and never from the network. Each must be locked and
 * there; whether its checkout is what the commit says is looked at when the role is.
 * @throws InvalidInput with every role that is not installed
 */
export function openPinnedRoles(file: string): NamedRoles {
  const wanted = readRolesFile(file);
  const lockFile = lockFileOf(file);
  const lock = readLock(lockFile);
  const problems = collectProblems();
  const commits = new Map<string, string>();
  for (const role of wanted) {
    const commit = lockedCommit(lock, role);
    const missing =
      commit === undefined
        ? `is not in ${lockFile}${lock.has(role.name) ? ' for this repository and ref' : ''}`
        : `is not in the cache at commit ${commit}`;
    if (commit !== undefined && existsSync(checkoutFolder(role.address, commit))) commits.set(role.name, commit);
    else problems.add(inside(role.part, 'name'), `role "${role.name}" ${missing}`, `${installHint(file)}.`);
  }
  problems.throwIfAny();
  return { title: file, names: wanted.map(({ name }) => name), find };

  function find(name: string): string {
    const found = collectProblems();
    const role = certain(
      wanted.find(one => one.name === name),
      name,
    );
    const folder = roleFolder(role, certain(commits.get(name), `the commit of ${name}`), found);
    found.throwIfAny();
    return certain(folder, `the folder of ${name}`);
  }
}
