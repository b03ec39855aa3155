import { change, type Decision, ok, refuse } from '../../decision.ts';
import { sameLine } from '../../host/account/database.ts';
import { refuseForeign, refuseMissing } from '../../host/account/tools.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { type GroupState, groupNamed } from './group-state.ts';

/** Removes a group that is not the primary group of a user. */
export function removeGroup(name: string, state: GroupState): Decision {
  const { own, there } = groupNamed(name, state);
  const result = { name, state: 'absent' };
  if (!there) return ok('does not exist', { result });
  if (!own) return refuseForeign('group', name);
  const user = state.users.local.find(one => one.gid === own.gid);
  if (user) {
    return refuse(
      `${name} is the primary group of the user ${user.name}`,
      `Give ${user.name} another group first (user: {name: ${user.name}, group: …}), or remove the user.`,
      { needs: [{ kind: 'user', name: user.name }] },
    );
  }
  return (
    refuseMissing(state.missing, ['groupdel']) ??
    change('exists', {
      diff: [{ subject: `group ${name}`, before: `gid: ${own.gid}\nmembers: ${own.members.join(', ')}\n`, after: '' }],
      guard: script({ same: sameLine('group', name, own.line) }),
      apply: script({ groupdel: sh`groupdel ${name}` }),
      removes: [{ kind: 'group', name }],
      result,
    })
  );
}
