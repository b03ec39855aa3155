import { type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { refuseForeign } from '../../host/account/tools.ts';
import { alterUser } from './alter-user.ts';
import { createUser } from './create-user.ts';
import { removeUser } from './remove-user.ts';
import type { Args } from './schema.ts';
import { findGroup, type UserState } from './user-state.ts';

/** What a user comes to, from the databases of the host. */
export function decideUser(args: Args, state: UserState): Decision<UserState> {
  const { name } = args;
  const own = state.users.local.find(user => user.name === name);
  const there = own ?? state.users.known.find(user => user.name === name);
  if (args.state === 'absent') {
    if (!there) return ok('does not exist', { result: { name, state: 'absent' } });
    return own ? removeUser(args, state, own) : refuseForeign('user', name);
  }
  const wrong = refuseGroups(args, state) ?? refuseNumber(args, state);
  if (wrong) return wrong;
  if (!there) return createUser(args, state);
  // The home of a user of a directory service was not looked for.
  const decision = alterUser(own ? args : { ...args, create_home: false }, state, there);
  return decision.kind === 'change' && !own ? refuseForeign('user', name) : decision;
}

function refuseGroups(args: Args, state: UserState): Refuse | undefined {
  const wanted = [...(args.group === undefined ? [] : [args.group]), ...(args.groups ?? [])];
  const unknown = wanted.find(key => !findGroup(state, key));
  if (unknown === undefined) return undefined;
  return refuse(
    `the host has no group ${unknown}`,
    `Make it first (group: {name: ${unknown}}), or name one that exists.`,
    { needs: [{ kind: 'group', name: String(unknown) }] },
  );
}

function refuseNumber({ name, uid }: Args, { users }: UserState): Refuse | undefined {
  const holder = users.known.find(user => user.uid === uid && user.name !== name);
  if (!holder) return undefined;
  return refuse(
    `the number ${uid} belongs to the user ${holder.name}`,
    `Choose another uid for ${name}, or change that of ${holder.name} first.`,
    { needs: [{ kind: 'user', name: holder.name }] },
  );
}
