import { change, type Decision, type Refuse, refuse } from '../../decision.ts';
import { join, type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { type Mount, originOf } from '../file/mounts.ts';
import type { FstabEntry } from './fstab.ts';
import { missingOptions } from './options.ts';
import type { MountPoint } from './point.ts';
import type { MountArguments, MountState } from './state.ts';

/** What is to be done to the live mount, and how a diff shows it. */
export interface Step {
  readonly reason: string;
  readonly before: string;
  readonly after: string;
  readonly commands: ShellText;
}

/** What the live mount comes to; undefined where it is as it should be. */
export function decideLive(args: MountArguments, entry: FstabEntry, state: MountState): Step | Refuse | undefined {
  const { point } = state;
  if (args.state === 'present' || !point) return undefined;
  const mount = point.mounts.at(-1);
  const path = point.real;
  if (args.state !== 'mounted') {
    if (!mount) return undefined;
    const commands = join(
      point.mounts.map(() => sh`umount ${path}`),
      ' &&\n',
    );
    return { reason: 'is mounted', before: point.mounts.map(describe).join(''), after: '', commands };
  }
  if (!mount) return mountNow(entry, point);
  if (mount.fstype !== entry.fstype && !sameFamily(mount.fstype, entry.fstype)) return occupied(path, mount, entry);
  if (!sameSource(entry, mount, state)) return occupied(path, mount, entry);
  const missing = missingOptions(entry.opts, mount);
  if (missing.length === 0) return undefined;
  if (missing.some(option => option.startsWith('pagesize='))) {
    return refuse(
      `${path} is mounted without ${missing.join(',')}, which a mounted ${mount.fstype} cannot change`,
      'Unmount it first (state: unmounted) when nothing uses it.',
    );
  }
  return {
    reason: `is mounted without ${missing.join(',')}`,
    before: describe(mount),
    after: `${entry.fstype} from ${entry.src}, ${entry.opts}\n`,
    commands: sh`mount -o remount,${entry.opts} ${path}`,
  };
}

function mountNow(entry: FstabEntry, { kind, real: path }: MountPoint): Step | Refuse {
  const { src, fstype, opts } = entry;
  if (kind === 'other') {
    return refuse(`${path} is not a directory`, 'Remove what is there, or name another mount point.');
  }
  return {
    reason: 'is not mounted',
    before: '',
    after: `${fstype} from ${src}, ${opts}\n`,
    commands: join(
      [kind === 'absent' && sh`mkdir -p ${path}`, sh`mount -t ${fstype} -o ${opts} ${src} ${path}`],
      ' &&\n',
    ),
  };
}

/** `state: remounted`, which is a change each time. */
export function remount(path: string, point: MountPoint | undefined): Decision {
  const mount = point?.mounts.at(-1);
  if (!mount) {
    return refuse(`${path} is not mounted`, 'Mount it first (state: mounted).', {
      needs: [{ kind: 'mount', name: path }],
    });
  }
  return change('is remounted', {
    diff: [{ subject: `${path} (mounted)`, before: describe(mount), after: 'remounted\n' }],
    apply: script({ live: sh`mount -o remount ${mount.path}` }),
    alters: [{ kind: 'mount', name: path }],
    verify: 'none',
    report: () => ({ path, mounted: true }),
  });
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

/**
 * Only devices and directories can be compared: the source of a tmpfs is any word. A bind mount
 * shows a place of the file system that its source lies on.
 */
function sameSource({ src, ...entry }: FstabEntry, mount: Mount, { point, source }: MountState): boolean {
  if (isBind(entry)) {
    const origin = source?.device === '' && point ? originOf(point.table, source.real) : undefined;
    return mount.device === origin?.device && mount.root === origin.root;
  }
  if (src.includes(':/')) return mount.source === src.replace(/(.)\/+$/, '$1') || mount.source === src;
  if (!source || source.device === '') return true;
  const [major, minor] = source.device.split(':').map(part => Number.parseInt(part, 16));
  return mount.source === source.real || mount.source === src || mount.device === `${major}:${minor}`;
}

function isBind({ opts }: Pick<FstabEntry, 'opts'>): boolean {
  return /(^|,)r?bind(,|$)/.test(opts);
}

function occupied(path: string, mount: Mount, entry: FstabEntry): Refuse {
  const live = isBind(entry) ? `${mount.root} of ${mount.source}` : `${mount.fstype} from ${mount.source}`;
  const wanted = isBind(entry) ? entry.src : `${entry.fstype} from ${entry.src}`;
  return refuse(
    `${path} has ${live} mounted, not ${wanted}`,
    'Unmount it first (state: unmounted), or name another mount point.',
  );
}

function describe(mount: Mount): string {
  return `${mount.fstype} from ${mount.source}, ${[...new Set([...mount.options, ...mount.superOptions])].join(',')}\n`;
}
