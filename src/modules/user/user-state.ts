import {
  type Account,
  type Database,
  type Group,
  linePattern,
  probeDatabase,
  readAccounts,
  readGroups,
} from '../../host/account/database.ts';
import { probeTools, readMissing } from '../../host/account/tools.ts';
import { type Entry, readEntry, statEntry } from '../../host/file/entry.ts';
import { mountsWithin, readMounts } from '../../host/file/mounts.ts';
import { readEntryPath } from '../../host/file/resolve.ts';
import { accept } from '../../shell/answer.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import type { Args } from './schema.ts';
import { bareHash, probeShadow, readShadow, type Shadow } from './shadow.ts';

export interface UserState {
  readonly users: Database<Account>;
  readonly groups: Database<Group>;
  /** Where it was asked for; undefined for a user without a line in /etc/shadow, too. */
  readonly shadow: Shadow | undefined;
  /** What stands at the home that is wanted, or at that which the user has. */
  readonly home: Entry | undefined;
  /** Mount points that a removal of the home would empty. */
  readonly mounts: readonly string[];
  /** The home without links; undefined where it is not there or stays. */
  readonly realHome: string | undefined;
  readonly missing: readonly string[];
}

/** Sections that look at a user, the groups, the home, and as far as need be at /etc/shadow. */
export function probeUser(args: Args): Record<string, ShellText> {
  const { name, uid, group, groups = [], password } = args;
  const own = sh`h=$(grep ${linePattern(name)} /etc/passwd | cut -d: -f6)`;
  return {
    ...probeDatabase('passwd', uid === undefined ? [name] : [name, uid]),
    ...probeDatabase('group', [...new Set([...(group === undefined ? [] : [group]), ...groups])]),
    ...(ownsShadow(args) && { shadow: probeShadow(name, password === undefined ? undefined : bareHash(password)) }),
    home: join([
      args.home === undefined || args.state === 'absent' ? own : sh`h=${args.home}`,
      raw('[ -n "$h" ] || exit 3'),
      statEntry(raw('"$h"'), { follow: true }),
    ]),
    ...(removesHome(args) && {
      real: join([own, raw('[ -d "$h" ] || exit 3; cd -P "$h" || exit 1; printf "%s\\n" "$PWD"')]),
      mounts: sh`cat /proc/self/mountinfo`,
    }),
    tools: probeTools(['useradd', 'usermod', 'userdel', 'chpasswd']),
  };
}

/** @throws CannotTell */
export function readUser(answer: Answer, args: Args): UserState {
  // 3 says that no home is wanted and the user has none.
  const homeless = answer.home !== undefined && accept(answer, 'home', [0, 1, 3], 'stat').code === 3;
  const real = removesHome(args) ? readEntryPath(answer, 'real') : undefined;
  return {
    users: readAccounts(answer),
    groups: readGroups(answer),
    shadow: ownsShadow(args) ? readShadow(answer) : undefined,
    home: homeless ? undefined : readEntry(answer, 'home'),
    realHome: real,
    mounts: real === undefined ? [] : mountsWithin(readMounts(answer, 'mounts'), real),
    missing: readMissing(answer),
  };
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
