import { change, ok, refuse } from '../../decision.ts';
import { sameLine } from '../../host/account/database.ts';
import { refuseForeign, refuseMissing } from '../../host/account/tools.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { groupNamed, groupState } from './group-state.ts';
import { removeGroup } from './remove-group.ts';
import { args, examples, returns } from './schema.ts';

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
    const { own, there } = groupNamed(name, state);
    if (args.state === 'absent') return removeGroup(name, state);
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
