import { change, type Decision } from '../../decision.ts';
import { sameLine } from '../../host/account/database.ts';
import { refuseMissing } from '../../host/account/tools.ts';
import { sh } from '../../shell/quote.ts';
import { type Script, script } from '../../shell/script.ts';
import { dateOf, daysOf } from './expiry.ts';
import type { Args } from './schema.ts';
import { bareHash, refuseOpen, storePassword } from './shadow.ts';
import { findGroup, type UserState } from './user-state.ts';

/** Makes a user who does not exist. */
export function createUser(args: Args, state: UserState): Decision<UserState> {
  const { name, password, password_lock } = args;
  if (password_lock === false && password === undefined) return refuseOpen(name);
  const missing = refuseMissing(state.missing, ['useradd', ...(password === undefined ? [] : ['chpasswd'])]);
  if (missing) return missing;
  const primary =
    args.group === undefined ? state.groups.known.find(one => one.name === name) : findGroup(state, args.group);
  const home = args.home ?? `/home/${name}`;
  return change('does not exist', {
    diff: [{ subject: `user ${name}`, before: '', after: describe(args, primary?.name ?? name) }],
    guard: script({ same: sameLine('passwd', name, undefined) }),
    apply: commands(args, primary?.name),
    creates: [
      { kind: 'user', name },
      ...(primary ? [] : [{ kind: 'group', name } as const]),
      ...(args.create_home ? [{ kind: 'path', name: home } as const] : []),
    ],
    result: {
      name,
      state: 'present',
      groups: [...new Set(args.groups)].toSorted(),
      ...(args.uid !== undefined && { uid: args.uid }),
      ...(primary && { group: primary.gid }),
    },
  });
}

function commands(args: Args, primary: string | undefined): Script {
  const { name, uid, groups = [], comment, home, shell, expires, password, password_lock } = args;
  const days = expires === undefined ? -1 : daysOf(expires);
  const options = [
    ...(args.system ? ['-r'] : []),
    ...(uid === undefined ? [] : ['-u', uid]),
    // Without this, useradd refuses a user whose name a group has already.
    ...(primary === undefined ? ['-U'] : ['-g', primary]),
    ...(groups.length > 0 ? ['-G', groups.join(',')] : []),
    ...(comment === undefined ? [] : ['-c', comment]),
    ...(home === undefined ? [] : ['-d', home]),
    ...(shell === undefined ? [] : ['-s', shell]),
    ...(days < 0 ? [] : ['-e', dateOf(days)]),
    args.create_home ? '-m' : '-M',
  ];
  return script({
    useradd: sh`useradd ${[...options, name]}`,
    ...(password !== undefined && {
      password: storePassword(name, password_lock ? `!${bareHash(password)}` : password),
    }),
  });
}

function describe(args: Args, primary: string): string {
  const { uid, groups, comment, home, shell, password, password_lock, expires } = args;
  const rows = {
    uid: uid ?? 'the next free one',
    group: primary,
    groups: groups?.join(', '),
    comment,
    home,
    shell,
    password: password === undefined ? undefined : 'as given',
    locked: password_lock,
    expires: expires === undefined ? undefined : dateOf(daysOf(expires)) || 'never',
  };
  return Object.entries(rows)
    .filter(([, value]) => value !== undefined)
    .map(([label, value]) => `${label}: ${value}\n`)
    .join('');
}
