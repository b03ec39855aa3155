import { accounts, type Group, groupDatabase, linePattern } from '../../host/account/database.ts';
import { missingTools } from '../../host/account/tools.ts';
import { type Entry, entryIn, statEntry } from '../../host/file/entry.ts';
import { mountPoints, mountsWithin } from '../../host/file/mounts.ts';
import { entryPath } from '../../host/file/resolve.ts';
import { all, ask, type Look, later, map, type Seen } from '../../shell/look.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Args } from './schema.ts';
import { bareHash, shadowOf } from './shadow.ts';

/** What {@link userState} sees. */
export type UserState = Seen<ReturnType<typeof userState>>;

/** The user, the groups, the home, and as far as need be the line of /etc/shadow. */
export function userState(args: Args) {
  const { name, uid, group, groups = [], password } = args;
  return all({
    users: accounts(uid === undefined ? [name] : [name, uid]),
    groups: groupDatabase([...new Set([...(group === undefined ? [] : [group]), ...groups])]),
    shadow: ownsShadow(args) ? shadowOf(name, password === undefined ? undefined : bareHash(password)) : undefined,
    home: homeEntry(args),
    removal: removesHome(args) ? homeRemoval(name) : undefined,
    missing: missingTools(['useradd', 'usermod', 'userdel', 'chpasswd']),
  });
}

/** What is at the home that is wanted, or at that which the user has; undefined for a user without one, too. */
function homeEntry({ name, home, state }: Args): Look<Entry | undefined> {
  const text = join([
    home === undefined || state === 'absent' ? ownHome(name) : sh`h=${home}`,
    raw('[ -n "$h" ] || exit 3'),
    statEntry(raw('"$h"'), { follow: true }),
  ]);
  return map(ask('stat', text, [0, 1, 3]), found => (found.code === 3 ? undefined : entryIn(found)));
}

/** The home without links, undefined where there is none; and the mount points that a removal would empty. */
function homeRemoval(name: string) {
  const real = join([ownHome(name), raw('[ -d "$h" ] || exit 3; cd -P "$h" || exit 1; printf "%s\\n" "$PWD"')]);
  const looks = all({ home: entryPath(real), mounts: later(mountPoints) });
  return map(looks, ({ home, mounts }) => ({ home, mounts: home === undefined ? [] : mountsWithin(mounts(), home) }));
}

function ownHome(name: string): ShellText {
  return sh`h=$(grep ${linePattern(name)} /etc/passwd | cut -d: -f6)`;
}

function removesHome({ state, remove }: Args): boolean {
  return state === 'absent' && remove;
}

function ownsShadow({ state, password, password_lock, expires }: Args): boolean {
  return state === 'present' && [password, password_lock, expires].some(value => value !== undefined);
}

/** The supplementary groups of a user by name, in order. */
export function groupsOf({ groups }: UserState, name: string): readonly string[] {
  return [...new Set(groups.known.filter(group => group.members.includes(name)).map(group => group.name))].toSorted();
}

/** The group of a name or number. */
export function findGroup({ groups }: UserState, key: string | number): Group | undefined {
  return (
    groups.known.find(group => group.name === key) ?? groups.known.find(group => String(group.gid) === String(key))
  );
}
