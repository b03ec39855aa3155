import { type Decision, type Refuse, refuse, storedAndLive } from '../../decision.ts';
import type { Pending } from '../../events/result.ts';
import { decideMount } from '../../host/mount/decide.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { compareOptions, pointOptions } from './client-options.ts';
import { mountArguments, type NfsState, occupied } from './mount-arguments.ts';
import type { Args } from './schema.ts';

/** The mount is to be in fstab, and with `mounted` in the running system. */
export function decidePresent(args: Args, state: NfsState): Decision {
  const mount = state.point.mounts.at(-1);
  const plain = mountArguments(args);
  if (!mount) {
    if (args.state === 'mounted' && state.point.kind === 'filled') return hides(args.path);
    const decision = decideMount(plain, state);
    if (decision.kind !== 'change' || args.state !== 'mounted') return decision;
    const { real } = state.point;
    const empty = sh`[ ! -e ${real} ] || [ -z "$(ls -A -- ${real})" ] || exit 75`;
    return { ...decision, guard: script({ empty }) };
  }
  if (!/^nfs4?$/.test(mount.fstype) || !sameSource(mount.source, args.source))
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

function sameSource(live: string, wanted: string | undefined): boolean {
  const bare = (text: string) => text.replace(/([^:])\/+$/, '$1');
  return wanted !== undefined && bare(live) === bare(wanted);
}

function hides(path: string): Refuse {
  return refuse(
    `${path} is not empty: a mount would hide what is there`,
    'Move its entries away, or name another mount point.',
  );
}
