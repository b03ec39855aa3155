import { change, type Decision, ok, refuse } from '../../decision.ts';
import { accounts, type Group, groupDatabase, sameLine } from '../../host/account/database.ts';
import { missingTools, refuseForeign, refuseMissing } from '../../host/account/tools.ts';
import { all, type Seen } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { type Args, args, examples, returns } from './schema.ts';

type State = Seen<ReturnType<typeof groupState>>;

export const group = defineModule({
  name: 'group',
  summary: 'Owns a group of users.',
  description:
    'With the shadow tools (groupadd, groupmod, groupdel). A new number is also given to ' +
    'the users whose primary group it is; files keep the old number. A group that a ' +
    'directory service knows is ok as it is, and is never changed.',
  args,
  returns,
  examples,
  problems: ({ state, gid }) =>
    state === 'absent' && gid !== undefined ? [{ argument: 'gid', message: 'says nothing about an absent group' }] : [],
  owns: ({ name, gid }) =>
    gid === undefined ? [] : [{ subject: `group ${name}`, attribute: 'gid', value: String(gid) }],
  look: groupState,
  decide(args, state) {
    const { name, gid } = args;
    const own = state.groups.local.find(one => one.name === name);
    const there = own ?? state.groups.known.find(one => one.name === name);
    if (args.state === 'absent') return remove(name, there, own, state);
    if (there && (gid === undefined || there.gid === gid))
      return ok('exists', { result: { name, gid: there.gid, state: 'present' } });
    if (there && !own) return refuseForeign('group', name);
    const holder = state.groups.known.find(one => one.gid === gid);
    if (holder) {
      return refuse(
        `the number ${gid} belongs to the group ${holder.name}`,
        `Choose another gid for ${name}, or change that of ${holder.name} first.`,
        { needs: [{ kind: 'group', name: holder.name }] },
      );
    }
    const blocked = refuseMissing(state.missing, [own ? 'groupmod' : 'groupadd']);
    if (blocked) return blocked;
    const number = gid === undefined ? [] : ['-g', gid];
    const commands = own
      ? { groupmod: sh`groupmod ${[...number, name]}` }
      : { groupadd: sh`groupadd ${[...(args.system ? ['-r'] : []), ...number, name]}` };
    return change(own ? 'gid differs' : 'does not exist', {
      diff: [
        {
          subject: `group ${name}`,
          before: own ? `gid: ${own.gid}\n` : '',
          after: `gid: ${gid ?? 'the next free one'}\n`,
        },
      ],
      guard: script({ same: sameLine('group', name, own?.line) }),
      apply: script(commands),
      [own ? 'alters' : 'creates']: [{ kind: 'group', name }],
      result: { name, ...(gid !== undefined && { gid }), state: 'present' },
    });
  },
});

function groupState({ name, gid }: Args) {
  return all({
    groups: groupDatabase(gid === undefined ? [name] : [name, gid]),
    users: accounts([]),
    missing: missingTools(['groupadd', 'groupmod', 'groupdel']),
  });
}

function remove(name: string, there: Group | undefined, own: Group | undefined, state: State): Decision {
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
