import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { factGroups } from '../facts/index.ts';
import { findRole, listRoles, type RolePath, readRole } from '../language/read-role.ts';
import { modules } from '../modules/index.ts';
import { actions } from '../run/actions/index.ts';
import { vocabulary } from './catalogue.ts';
import type { Documented } from './doc-pages.ts';

/** What there is to document: modules, actions and facts of the code, and the roles of a path. */
export function documented(path: RolePath): Documented {
  const roles = listRoles(path).map(name => {
    const directory = findRole(name, path)!;
    return { name, summary: roleTitle(directory), schema: readRole(name, directory, vocabulary).schema?.value };
  });
  return { modules, actions, roles, facts: factGroups };
}

/** The first sentence of a role's README; without one, the description in its schema. */
export function roleTitle(directory: string): string {
  const readme = join(directory, 'README.md');
  if (!existsSync(readme)) {
    const { schema } = readRole('', directory, vocabulary);
    return ((schema?.value.description as string | undefined) ?? '').split('\n')[0] ?? '';
  }
  const [, rest = ''] = readFileSync(readme, 'utf8').split(/^#.*\n+/m);
  const paragraph = (rest.split(/\n\s*\n/)[0] ?? '').replaceAll('\n', ' ').trim();
  return paragraph.split(/(?<=[.]) (?=[A-Z])/)[0] ?? '';
}
