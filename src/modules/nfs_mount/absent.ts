import { type Decision, refuse } from '../../decision.ts';
import { decideMount } from '../../host/mount/decide.ts';
import { script } from '../../shell/script.ts';
import { mountArguments, type NfsState, occupied } from './mount-arguments.ts';
import type { Args } from './schema.ts';
import { usedByNone } from './users.ts';

/** The mount is to be neither in fstab nor in the running system. */
export function decideAbsent(args: Args, state: NfsState, users: readonly string[]): Decision {
  const mount = state.point.mounts.at(-1);
  if (mount && !/^nfs4?$/.test(mount.fstype)) return occupied(args, `${mount.fstype} from ${mount.source}`);
  const decision = decideMount(mountArguments(args), state);
  if (decision.kind !== 'change') return decision;
  if (users.length > 0) {
    return refuse(
      `${users.join(', ')} ${users.length === 1 ? 'has' : 'have'} files on ${args.path}`,
      'Move their disks away first, and delete the pools: virsh domblklist GUEST, virsh pool-undefine POOL.',
    );
  }
  return {
    ...decision,
    guard: script({ users: usedByNone(args.uri, args.path) }),
    ...(mount && {
      hazards: [
        {
          hazard: 'service-interruption',
          subject: args.path,
          because: `what comes from ${mount.source} goes away.`,
        },
      ],
    }),
  };
}
