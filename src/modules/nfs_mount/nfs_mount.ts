import { type Change, type Decision, type Refuse, refuse, storedAndLive } from '../../decision.ts';
import type { Pending } from '../../events/result.ts';
import { probeGoal } from '../../host/file/goal.ts';
import { largestText, readText } from '../../host/lines/text.ts';
import { decideMount } from '../../host/mount/decide.ts';
import { type MountPoint, probePoint, readPoint } from '../../host/mount/point.ts';
import type { MountArguments, MountState } from '../../host/mount/state.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { compareOptions, harmful, pointOptions } from './client-options.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { readUsers, usedByNone, userSections } from './users.ts';

interface State extends MountState {
  readonly point: MountPoint;
  /** Guests and pools that name the path; looked up for `absent` only. */
  readonly users: readonly string[];
}

export const nfsMount = defineModule({
  name: 'nfs_mount',
  summary: "Owns an NFS mount for guests' disks, in fstab and in the running system.",
  description: `Compares the entry of fstab and the live mount and says which of the two differed.
Most options of NFS are set when it is mounted, and a remount refuses them: where they differ live,
that is pending (\`remount\`) until somebody unmounts and mounts it. A mount that is there is never
unmounted for that. Only options of the mount point itself (noatime, nodev, …) change at once.

The server may allow smaller transfers than \`rsize\` and \`wsize\` ask for: that is said and is
not a difference. \`absent\` is refused while a guest or a storage pool of libvirt names a path
there. A mount over a directory that has entries is refused: it would hide them.`,
  args,
  returns,
  examples,
  problems({ options, source, state }) {
    const problem = harmful(options);
    return [
      ...(problem === undefined ? [] : [{ argument: 'options', message: problem }]),
      ...(source === undefined && state !== 'absent'
        ? [{ argument: 'source', message: `state ${state} needs it` }]
        : []),
    ];
  },
  owns: (args: Args) => [
    { subject: 'mount', attribute: args.path, value: `${args.state} ${args.source} ${args.options}` },
  ],
  probe: ({ path, fstab, state, uri }) =>
    script({
      ...probePoint(path, { fstab, entries: true }),
      ...probeGoal(fstab, { follow: true, most: largestText }),
      ...(state === 'absent' && userSections(uri, path)),
    }),
  read: (answer, { path, state }): State => ({
    ...readText(answer),
    point: readPoint(answer, path),
    source: { real: '', device: '' },
    users: state === 'absent' ? readUsers(answer, path) : [],
  }),
  decide: (args: Args, state): Decision<State> =>
    args.state === 'absent' ? decideAbsent(args, state) : decidePresent(args, state),
});

function decidePresent(args: Args, state: State): Decision<State> {
  const mount = state.point.mounts.at(-1);
  const plain = mountArguments(args);
  if (!mount) {
    if (args.state === 'mounted' && state.point.kind === 'filled') return hides(args.path);
    const decision = decideMount(plain, state);
    if (decision.kind !== 'change' || args.state !== 'mounted') return decision as Decision<State>;
    const { real } = state.point;
    const empty = sh`[ ! -e ${real} ] || [ -z "$(ls -A -- ${real})" ] || exit 75`;
    return { ...decision, guard: script({ empty }) } as Change<State>;
  }
  if (!/^nfs4?$/.test(mount.fstype) || !sameSource(mount.source, args.source!))
    return occupied(args, `${mount.fstype} from ${mount.source}`);
  const { now, later, smaller } = compareOptions(args.options, mount);
  const pending: Pending[] =
    later.length === 0
      ? []
      : [{ kind: 'remount', subject: args.path, reason: `${later.join(', ')}: takes effect when it is mounted again` }];
  const said = smaller.length === 0 ? '' : `; ${smaller.join(', ')}, as the server allows no more or it was mounted so`;
  const options = pointOptions(now, mount);
  const reason = (file: boolean, live: boolean) =>
    `${[file && 'fstab differs', live && `is mounted without ${now.join(',')}`].filter(Boolean).join(', ')}${said}`;
  return storedAndLive(reason, {
    stored: decideMount({ ...plain, state: 'present' }, state),
    live:
      now.length === 0
        ? undefined
        : {
            diff: [
              { subject: `${args.path} (mounted)`, before: `${mount.options.join(',')}\n`, after: `${options}\n` },
            ],
            // The mount point only: the connection stays as it is.
            apply: script({ live: sh`mount -o ${`remount,bind,${options}`} ${mount.path}` }),
          },
    same: `fstab and the live mount are right${said}`,
    pending,
    result: { path: args.path, mounted: true, smaller },
  });
}

function decideAbsent(args: Args, state: State): Decision<State> {
  const { point, users } = state;
  const mount = point.mounts.at(-1);
  if (mount && !/^nfs4?$/.test(mount.fstype)) return occupied(args, `${mount.fstype} from ${mount.source}`);
  const decision = decideMount(mountArguments(args), state) as Decision<State>;
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
          because: `what comes from ${mount.source} is no longer there.`,
        },
      ],
    }),
  };
}

function mountArguments({ path, source, options, state }: Args): MountArguments {
  return {
    path,
    ...(source !== undefined && { src: source }),
    fstype: 'nfs',
    opts: options,
    state,
    dump: '0',
    passno: '0',
    boot: true,
    backup: false,
  };
}

function sameSource(live: string, wanted: string): boolean {
  const bare = (text: string) => text.replace(/([^:])\/+$/, '$1');
  return bare(live) === bare(wanted);
}

function hides(path: string): Refuse {
  return refuse(
    `${path} is not empty: a mount would hide what is there`,
    'Move its entries away, or name another mount point.',
  );
}

function occupied({ path, source }: Args, live: string): Refuse {
  return refuse(
    `${path} has ${live} mounted${source === undefined ? '' : `, not nfs from ${source}`}`,
    'Unmount it first when nothing uses it, or name another mount point.',
  );
}
