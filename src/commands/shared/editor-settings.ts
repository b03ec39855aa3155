import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { home } from '../../home.ts';

/** Which files of a project a schema is for. */
const filesOf: Readonly<Record<string, readonly string[]>> = {
  playbook: ['site.yml', 'playbooks/*.yml'],
  tasks: ['roles/*/tasks/*.yml', 'roles/*/handlers/*.yml'],
  'role-meta': ['roles/*/meta/main.yml'],
  inventory: ['inventory.yml', 'inventory/*.yml'],
  roles: ['roles.yml'],
  hostwright: ['hostwright.yml'],
  drift: ['drift.yml', 'playbooks/drift.yml'],
};

/** The names of the schemas that ship: `playbook`, `modules/copy`, …. */
export function schemaNames(): readonly string[] {
  return globSync('**/*.json', { cwd: join(home, 'schemas') })
    .map(name => name.replace(/\.json$/, ''))
    .toSorted();
}

/** The file of a schema that ships. */
export function schemaFile(name: string): string {
  return join(home, 'schemas', `${name}.json`);
}

/**
 * .vscode/settings.json of a project: the YAML extension finds the schemas where Hostwright is
 * installed.
 */
export function editorSettings(): string {
  const schemas = Object.entries(filesOf).map(([name, files]) => [pathToFileURL(schemaFile(name)).href, files]);
  const settings = { 'yaml.customTags': ['!expr'], 'yaml.schemas': Object.fromEntries(schemas) };
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}
