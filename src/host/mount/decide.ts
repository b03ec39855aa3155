import { type Decision, followedBy, storedAndLive } from '../../decision.ts';
import { raw } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { tidyPath } from '../file/resolve.ts';
import { edited } from '../lines/decide.ts';
import { type FstabEntry, withFstab, withoutFstab } from './fstab.ts';
import { decideLive, remount } from './live.ts';
import type { MountArguments, MountState } from './state.ts';

/** What a mount comes to, from fstab and the live mounts. */
export function decideMount(args: MountArguments, state: MountState): Decision {
  const entry = entryOf(args, state);
  const path = args.path.startsWith('/') ? tidyPath(args.path) : entry.src;
  if (args.state === 'remounted') return remount(path, state.point);
  const live = decideLive(args, entry, state);
  if (live && 'kind' in live) return live;
  const isMounted = (state.point?.mounts.length ?? 0) > 0;
  const text = fstabText(args, entry, state);
  const stored = text === state.file.text ? undefined : edited(state.file, text, { backup: args.backup });
  const mounts = [{ kind: 'mount', name: path }] as const;
  const effect = args.state !== 'mounted' ? 'removes' : isMounted ? 'alters' : 'creates';
  return storedAndLive(file => [file && 'fstab differs', live?.reason].filter(Boolean).join(', '), {
    stored: stored && followedBy(stored, script({ reload })),
    live: live && {
      diff: [{ subject: `${path} (mounted)`, before: live.before, after: live.after }],
      apply: script({ live: live.commands }),
      [effect]: mounts,
    },
    same: okReason[args.state],
    result: { path, mounted: args.state === 'mounted' || (args.state === 'present' && isMounted) },
  });
}

function entryOf(args: MountArguments, { point }: MountState): FstabEntry {
  const { src = '', fstype = '' } = args;
  const [dump, passno] = [String(args.dump), String(args.passno)];
  return { src, path: point?.real ?? 'none', fstype, opts: wantedOptions(args), dump, passno };
}

function fstabText(args: MountArguments, entry: FstabEntry, { file: { text }, point }: MountState): string {
  const key = point ? { names: point.names } : { names: [], swap: entry.src };
  if (args.state === 'absent') return withoutFstab(text, key);
  return args.state === 'unmounted' ? text : withFstab(text, entry, key);
}

const okReason = {
  mounted: 'fstab and the live mount are right',
  present: 'fstab is right',
  absent: 'is neither mounted nor in fstab',
  unmounted: 'is not mounted',
} as const;

/** systemd makes mount units of fstab and must be told, lest it act by the old ones. */
const reload = raw('if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi');

function wantedOptions({ opts, boot }: MountArguments): string {
  return boot || opts.split(',').includes('noauto') ? opts : `${opts},noauto`;
}
