import { vocabulary } from '../../src/commands/shared/catalogue.ts';
import { roleTitle } from '../../src/commands/shared/role-title.ts';
import { certain } from '../../src/errors.ts';
import { factGroups } from '../../src/facts/index.ts';
import { findRole, listRoles, type RolePath, readRole } from '../../src/language/parse/read-role.ts';
import { modules } from '../../src/modules/index.ts';
import { actions } from '../../src/run/actions/index.ts';
import type { Documented } from './doc-pages.ts';

/** What there is to document: modules, actions and facts of the code, and the roles of a path. */
export function documented(path: RolePath): Documented {
  const roles = listRoles(path).map(name => {
    const directory = certain(findRole(name, path), `the role ${name}`);
    return { name, summary: roleTitle(directory), schema: readRole(name, directory, vocabulary).schema?.value };
  });
  return { modules, actions, roles, facts: factGroups };
}
