import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { home } from '../home.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import type { RolePath } from '../language/read-role.ts';
import { openPinnedRoles } from '../pinned/pinned-roles.ts';
import { isRolesFile } from '../pinned/wanted.ts';

/** Inventories that are looked for where none is named. */
const usualInventories = ['inventory.yml', 'inventory.yaml', 'inventory.ini', 'inventory', 'hosts'];

/** The inventories of the command line, of HOSTWRIGHT_INVENTORY, or the usual one of the folder, if there is any. */
export function inventorySources(given: readonly string[]): readonly string[] {
  if (given.length > 0) return given;
  const fromEnvironment = process.env.HOSTWRIGHT_INVENTORY;
  return fromEnvironment ? [fromEnvironment] : usualInventories.filter(existsSync).slice(0, 1);
}

/** What {@link inventorySources} hold; without any, only localhost is known. */
export function openInventory(given: readonly string[], playbooks: readonly string[] = []): Inventory {
  return readInventory(inventorySources(given), [...new Set(playbooks.map(file => dirname(file)))]);
}

/** What the command line says about where roles are. */
export interface RoleFlags {
  readonly rolesPath: readonly string[];
  readonly rolesFile?: string;
}

/** Where a role without a playbook is looked for. @throws InvalidInput if a pinned one is not installed */
export function rolePath(flags: RoleFlags): RolePath {
  return [...flags.rolesPath, ...moreRoles(flags)];
}

/**
 * Where the roles of a playbook are looked for after its own folder: beside that, in the working folder, those that are pinned, those that ship.
 * @throws InvalidInput if a pinned one is not installed
 */
export function moreRoles({ rolesFile }: RoleFlags, playbook?: string): RolePath {
  const beside = playbook === undefined ? [] : [`${dirname(playbook)}/../roles`];
  const besidePlaybook = playbook === undefined ? [] : [join(dirname(playbook), 'roles.yml')];
  const pins = rolesFile ?? [...besidePlaybook, 'roles.yml'].find(file => existsSync(file) && isRolesFile(file));
  return [...beside, 'roles', ...(pins === undefined ? [] : [openPinnedRoles(pins)]), `${home}roles`];
}

/** Folders of templates that roles share. */
export function sharedTemplates(): readonly string[] {
  return ['templates', `${home}templates`];
}
