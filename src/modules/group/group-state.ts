import { accounts, type Group, groupDatabase } from '../../host/account/database.ts';
import { missingTools } from '../../host/account/tools.ts';
import { all, type Seen } from '../../shell/look.ts';
import type { Args } from './schema.ts';

/** What {@link groupState} sees. */
export type GroupState = Seen<ReturnType<typeof groupState>>;

/** The groups, the users, and the tools that the host does not have. */
export function groupState({ name, gid }: Args) {
  return all({
    groups: groupDatabase(gid === undefined ? [name] : [name, gid]),
    users: accounts([]),
    missing: missingTools(['groupadd', 'groupmod', 'groupdel']),
  });
}

interface Named {
  /** In the host's own file. */
  readonly own: Group | undefined;
  /** There, or in a directory service. */
  readonly there: Group | undefined;
}

/** The group of a name. */
export function groupNamed(name: string, { groups }: GroupState): Named {
  const own = groups.local.find(one => one.name === name);
  return { own, there: own ?? groups.known.find(one => one.name === name) };
}
