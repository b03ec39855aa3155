import { change, type Decision, type Refuse, refuse } from '../../decision.ts';
import { type Account, sameLine } from '../../host/account/database.ts';
import { refuseMissing } from '../../host/account/tools.ts';
import { noMountWithin } from '../../host/file/mounts.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import type { Args } from './schema.ts';
import type { UserState } from './user-state.ts';

/** Removes a user, and as asked for what he owned at home. */
export function removeUser(args: Args, state: UserState, own: Account): Decision<UserState> {
  const { name, remove, force } = args;
  const blocked =
    refuseRoot(own) ?? (remove ? refuseHome(state, own) : undefined) ?? refuseMissing(state.missing, ['userdel']);
  if (blocked) return blocked;
  return change('exists', {
    diff: [
      {
        subject: `user ${name}`,
        before: `uid: ${own.uid}\nhome: ${own.home}\nshell: ${own.shell}\n`,
        after: remove || !state.home ? '' : `left behind: ${own.home}\n`,
      },
    ],
    guard: script({
      same: sameLine('passwd', name, own.line),
      ...(state.removal?.home !== undefined && { mounts: noMountWithin(state.removal.home) }),
    }),
    apply: script({ userdel: sh`userdel ${[...(remove ? ['-r'] : []), ...(force ? ['-f'] : []), name]}` }),
    ...(remove && {
      hazards: [
        {
          hazard: 'data-loss',
          subject: `user ${name}`,
          because: `${state.home ? `${own.home} is removed with all that is in it, and ` : ''}the mail is removed`,
        },
      ],
    }),
    removes: [{ kind: 'user', name }, ...(remove && state.home ? [{ kind: 'path', name: own.home } as const] : [])],
    result: { name, state: 'absent' },
  });
}

function refuseRoot({ name, uid }: Account): Refuse | undefined {
  if (uid !== 0) return undefined;
  return refuse(`${name} is the superuser (uid 0)`, 'A host without one cannot be run.');
}

/**
 * The homes of system users are often directories that belong to the system, and with force userdel
 * would remove those.
 */
function refuseHome({ home, removal, users }: UserState, own: Account): Refuse | undefined {
  const advice = 'Say remove: false, and remove by hand what is not needed.';
  if (home && home.uid !== own.uid) {
    return refuse(`${own.home} belongs to ${home.owner}, not to ${own.name}`, advice);
  }
  const [mount] = removal?.mounts ?? [];
  if (mount !== undefined) {
    const held = mount === removal?.home ? 'is a mount point' : `has the mount point ${mount} in it`;
    return refuse(`${own.home} ${held}`, 'Unmount it first (mount: {state: unmounted}).');
  }
  const path = `${own.home.replace(/\/+$/, '')}/`;
  const other = users.local.find(user => user.name !== own.name && `${user.home}/`.startsWith(path));
  if (!home || !other) return undefined;
  return refuse(`${own.home} has the home of ${other.name} in it`, advice);
}
