import { textFile } from '../../host/lines/text.ts';
import { mountPoint } from '../../host/mount/point.ts';
import { all } from '../../shell/look.ts';
import { defineModule } from '../module.ts';
import { decideAbsent } from './absent.ts';
import { harmful } from './client-options.ts';
import { decidePresent } from './present.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { users } from './users.ts';

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
  look: ({ path, fstab, state, uri }) =>
    all({
      point: mountPoint(path, { fstab, entries: true }),
      file: textFile(fstab, { follow: true }),
      users: state === 'absent' ? users(uri, path) : undefined,
    }),
  decide: (args, { users = [], ...mount }) =>
    args.state === 'absent' ? decideAbsent(args, mount, users) : decidePresent(args, mount),
});
