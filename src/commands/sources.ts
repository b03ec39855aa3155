import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Inventory } from '../inventory/inventory.ts';
import { readInventory } from '../inventory/read-inventory.ts';

/** Inventories that are looked for where none is named. */
const usualInventories = ['inventory.yml', 'inventory.yaml', 'inventory.ini', 'inventory', 'hosts'];

/** The project that ships roles and templates: the folder above src/ or dist/. */
const home = fileURLToPath(new URL('../../', import.meta.url));

/** The inventories of the command line, of HOSTWRIGHT_INVENTORY, or the usual one of the folder; none: only localhost is known. */
export function openInventory(given: readonly string[], playbooks: readonly string[] = []): Inventory {
  const fromEnvironment = process.env.HOSTWRIGHT_INVENTORY;
  const usual = usualInventories.filter(existsSync).slice(0, 1);
  const sources = given.length > 0 ? given : fromEnvironment ? [fromEnvironment] : usual;
  return readInventory(sources, [...new Set(playbooks.map(file => dirname(file)))]);
}

/** Where roles are looked for after the playbook's own folder. */
export function rolePath(given: readonly string[], playbook?: string): readonly string[] {
  const beside = playbook === undefined ? [] : [`${dirname(playbook)}/../roles`];
  return [...given, ...beside, 'roles', `${home}roles`];
}

/** Folders of templates that roles share. */
export function sharedTemplates(): readonly string[] {
  return ['templates', `${home}templates`];
}
