import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { contentOfText } from '../file/content.ts';
import type { Mount } from '../file/mounts.ts';
import { ownGuard } from '../file/place.ts';
import { decideReplace } from '../file/replace.ts';
import { inOrder } from '../file/several.ts';
import type { TextGoal } from '../lines/text.ts';
import type { Change, Decision } from '../module.ts';
import { type FstabEntry, withFstab, withoutFstab } from './fstab.ts';
import { missingOptions } from './options.ts';

export interface MountArguments {
  readonly path: string;
  readonly src?: string;
  readonly fstype?: string;
  readonly opts: string;
  readonly state: 'mounted' | 'present' | 'absent' | 'unmounted' | 'remounted';
  readonly dump: string;
  readonly passno: string;
  readonly boot: boolean;
  readonly backup: boolean;
}

export interface MountState extends TextGoal {
  /** What is mounted at the path now. */
  readonly mount: Mount | undefined;
  readonly point: 'directory' | 'other' | 'absent';
  /** The real path of src and its `major:minor` in hexadecimal, where it is a device. */
  readonly source: { readonly real: string; readonly device: string };
}

/** What is to be done to the live mount, and how a diff shows it. */
interface Step {
  readonly reason: string;
  readonly before: string;
  readonly after: string;
  readonly commands: ShellText;
}

/** What a mount comes to, from fstab and the live mounts. */
export function decideMount(args: MountArguments, state: MountState): Decision {
  const path = args.path.replace(/(.)\/+$/, '$1');
  const entry = {
    src: args.src!,
    path,
    fstype: args.fstype!,
    opts: wantedOptions(args),
    dump: args.dump,
    passno: args.passno,
  };
  if (args.state === 'remounted') return remount(path, state.mount);
  const live = decideLive(args, entry, state);
  if (live && 'kind' in live) return live;
  const text =
    args.state === 'absent'
      ? withoutFstab(state.text, path)
      : args.state === 'unmounted'
        ? state.text
        : withFstab(state.text, entry);
  const stored =
    text === state.text ? undefined : decideReplace(state.goal, contentOfText(text), { backup: args.backup }, {});
  if (stored?.kind === 'refuse') return stored;
  const result = { path, mounted: args.state === 'mounted' || (args.state === 'present' && state.mount !== undefined) };
  if (!live && stored?.kind !== 'change') return { kind: 'ok', reason: okReason[args.state], result };
  const file = stored?.kind === 'change' ? stored : undefined;
  const mounts = [{ kind: 'mount', name: path }] as const;
  return {
    kind: 'change',
    reason: [file && 'fstab differs', live?.reason].filter(Boolean).join(', '),
    diff: [
      ...(file?.diff ?? []),
      ...(live ? [{ subject: `${path} (mounted)`, before: live.before, after: live.after }] : []),
    ],
    ...(file && ownGuard(file)),
    // First the mount: what cannot be mounted is not stored.
    apply: inOrder(live && script({ live: live.commands }), file?.apply, file && script({ reload })),
    creates: [...(file?.creates ?? []), ...(args.state === 'mounted' && live && !state.mount ? mounts : [])],
    alters: [...(file?.alters ?? []), ...(args.state === 'mounted' && live && state.mount ? mounts : [])],
    removes: args.state !== 'mounted' && live ? mounts : [],
    result,
  } satisfies Change;
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

function decideLive(args: MountArguments, entry: FstabEntry, state: MountState): Step | Decision | undefined {
  const { mount } = state;
  const { path } = entry;
  if (args.state === 'present') return undefined;
  if (args.state !== 'mounted') {
    if (!mount) return undefined;
    return { reason: 'is mounted', before: describe(mount), after: '', commands: sh`umount ${path}` };
  }
  if (!mount) return mountNow(entry, state);
  if (mount.fstype !== entry.fstype && !sameFamily(mount.fstype, entry.fstype)) return occupied(path, mount, entry);
  if (!sameSource(entry, mount, state.source)) return occupied(path, mount, entry);
  const missing = missingOptions(entry.opts, mount);
  if (missing.length === 0) return undefined;
  if (missing.some(option => option.startsWith('pagesize='))) {
    return {
      kind: 'refuse',
      message: `${path} is mounted without ${missing.join(',')}, which a mounted ${mount.fstype} cannot change`,
      advice: 'Unmount it first (state: unmounted) when nothing uses it.',
    };
  }
  return {
    reason: `is mounted without ${missing.join(',')}`,
    before: describe(mount),
    after: `${entry.fstype} from ${entry.src}, ${entry.opts}\n`,
    commands: sh`mount -o remount,${entry.opts} ${path}`,
  };
}

function mountNow(entry: FstabEntry, { point }: MountState): Step | Decision {
  const { src, path, fstype, opts } = entry;
  if (point === 'other') {
    return {
      kind: 'refuse',
      message: `${path} is no directory`,
      advice: 'Remove what stands there, or name another mount point.',
    };
  }
  return {
    reason: 'is not mounted',
    before: '',
    after: `${fstype} from ${src}, ${opts}\n`,
    commands: join(
      [point === 'absent' && sh`mkdir -p ${path}`, sh`mount -t ${fstype} -o ${opts} ${src} ${path}`],
      ' &&\n',
    ),
  };
}

function remount(path: string, mount: Mount | undefined): Decision {
  if (!mount) {
    return {
      kind: 'refuse',
      message: `${path} is not mounted`,
      advice: 'Mount it first (state: mounted).',
      needs: [{ kind: 'mount', name: path }],
    };
  }
  return {
    kind: 'change',
    reason: 'is mounted anew',
    diff: [{ subject: `${path} (mounted)`, before: describe(mount), after: 'mounted anew\n' }],
    apply: script({ live: sh`mount -o remount ${path}` }),
    alters: [{ kind: 'mount', name: path }],
    verify: 'none',
    report: () => ({ path, mounted: true }),
  };
}

/** nfs is mounted as nfs4, and a fuse helper adds its name. */
function sameFamily(live: string, wanted: string): boolean {
  return (
    wanted === 'auto' ||
    live.replace(/4$/, '') === wanted.replace(/4$/, '') ||
    live.startsWith(`${wanted}.`) ||
    wanted === 'none'
  );
}

/** Only what is a device can be compared; the source of a tmpfs is any word, and a bind mount shows the device below it. */
function sameSource(entry: FstabEntry, mount: Mount, source: MountState['source']): boolean {
  if (/(^|,)r?bind(,|$)/.test(entry.opts)) return true;
  if (entry.src.includes(':/'))
    return mount.source === entry.src.replace(/(.)\/+$/, '$1') || mount.source === entry.src;
  if (source.device === '') return true;
  const [major, minor] = source.device.split(':').map(part => Number.parseInt(part, 16));
  return mount.source === source.real || mount.source === entry.src || mount.device === `${major}:${minor}`;
}

function occupied(path: string, mount: Mount, entry: FstabEntry): Decision {
  return {
    kind: 'refuse',
    message: `${path} has ${mount.fstype} from ${mount.source} mounted, not ${entry.fstype} from ${entry.src}`,
    advice: 'Unmount it first (state: unmounted), or name another mount point.',
  };
}

function describe(mount: Mount): string {
  return `${mount.fstype} from ${mount.source}, ${[...new Set([...mount.options, ...mount.superOptions])].join(',')}\n`;
}
