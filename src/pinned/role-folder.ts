import { readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Problems } from '../language/problems.ts';
import { inside } from '../language/source.ts';
import { checkoutFault, checkoutFolder } from './checkout.ts';
import type { WantedRole } from './wanted.ts';

const parts = /^((tasks|handlers|defaults|vars|meta|files|templates)|schema\.ya?ml)$/;

/**
 * The folder of a role in the cache; undefined, and a problem, if the checkout is not as its commit
 * says or has no such role.
 */
export function roleFolder(role: WantedRole, commit: string, problems: Problems): string | undefined {
  const { name, path, part } = role;
  const checkout = checkoutFolder(role.address, commit);
  const fault = checkoutFault(checkout, commit);
  if (fault !== undefined) {
    const message = `role "${name}" in the cache is not what it was: ${fault}`;
    // Somebody's work may be in it: it is not ours to remove.
    problems.add(inside(part, 'name'), message, `Remove ${checkout}. ${installHint(part.source.file)}.`);
    return undefined;
  }
  const folder = join(checkout, path);
  const folderProblem = problemOf(folder, checkout, role);
  if (folderProblem === undefined) return folder;
  problems.add(inside(part, 'path'), folderProblem, 'The path is the folder of the role in the repository.');
  return undefined;
}

function problemOf(folder: string, checkout: string, { path, ref }: WantedRole): string | undefined {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return `there is no folder "${path}" in the repository at ${ref}`;
  if (!isWithin(folder, checkout)) return `"${path}" leads out of the repository: it is a symbolic link`;
  const link = linkOut(folder, checkout);
  if (link !== undefined) return `"${link}" leads out of the repository: it is a symbolic link`;
  if (readdirSync(folder).some(name => parts.test(name))) return undefined;
  const where = path === '.' ? 'the root of the repository' : `"${path}"`;
  return `${where} is not a role: it has no tasks, handlers, defaults, vars, meta, files, templates or schema.yml`;
}

function isWithin(path: string, checkout: string): boolean {
  return `${realOf(path)}${sep}`.startsWith(`${realpathSync(checkout)}${sep}`);
}

/**
 * A link in the role to a file of the controller, which its tasks would bring to hosts; a relative
 * path.
 */
function linkOut(folder: string, checkout: string): string | undefined {
  const links = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isSymbolicLink());
  const paths = links.map(({ name, parentPath }) => join(parentPath, name));
  const found = paths.find(path => !isWithin(path, checkout));
  return found === undefined ? undefined : relative(folder, found);
}

/** Where a path leads; of a link to nothing, where something may be later. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(dirname(path), readlinkSync(path));
  }
}

/** What to do where a role of a roles.yml is not installed. */
export function installHint(rolesFile: string): string {
  return `Run "hostwright roles install${rolesFile === 'roles.yml' ? '' : ` --roles-file ${rolesFile}`}"`;
}
