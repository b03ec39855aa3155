import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { home } from '../../home.ts';
import { type SurveyedInventory, surveyInventory } from '../../inventory/read-inventory.ts';
import type { RolePath } from '../../language/parse/read-role.ts';
import { openPinnedRoles } from '../../pinned/pinned-roles.ts';
import { isRolesFile } from '../../pinned/wanted.ts';

/** Inventories that are looked for where none is named. */
const usualInventories = ['inventory.yml', 'inventory.yaml', 'inventory.ini', 'inventory', 'hosts'];

/**
 * Surveys the inventories that are named, or the usual one of the folder; without any, only
 * localhost is known.
 */
export function openInventory(given: readonly string[], playbooks: readonly string[] = []): SurveyedInventory {
  return surveyInventory(inventorySources(given), [...new Set(playbooks.map(file => dirname(file)))]);
}

/** The inventories that are named, or the usual one of the working folder. */
export function inventorySources(given: readonly string[]): readonly string[] {
  return given.length > 0 ? given : usualInventories.filter(existsSync).slice(0, 1);
}

/** What the command line says about where roles are. */
export interface RoleFlags {
  readonly rolesPath: readonly string[];
  readonly rolesFile?: string;
}

/**
 * Where a role without a playbook is looked for.
 * @throws InvalidInput if a pinned one is not installed
 */
export function rolePath(flags: RoleFlags): RolePath {
  return [...flags.rolesPath, ...moreRoles(flags)];
}

/**
 * Where the roles of a playbook are looked for after its own folder: next to that, in the working
 * folder, those that are pinned, those that ship.
 * @throws InvalidInput if a pinned one is not installed
 */
export function moreRoles({ rolesFile }: RoleFlags, playbook?: string): RolePath {
  const nextToIt = playbook === undefined ? [] : [`${dirname(playbook)}/../roles`];
  const besidePlaybook = playbook === undefined ? [] : [join(dirname(playbook), 'roles.yml')];
  const pins = rolesFile ?? [...besidePlaybook, 'roles.yml'].find(file => existsSync(file) && isRolesFile(file));
  return [...nextToIt, 'roles', ...(pins === undefined ? [] : [openPinnedRoles(pins)]), `${home}roles`];
}

/** Folders of templates that roles share. */
export function sharedTemplates(): readonly string[] {
  return ['templates', `${home}templates`];
}
