import type { Mount } from '../../host/file/mounts.ts';

/**
 * What guests' disks need of a mount: one server for all, requests that wait for it, large
 * transfers.
 */
export const clientDefaults = 'vers=4.2,proto=tcp,nconnect=8,rsize=1048576,wsize=1048576,hard,noatime';

/** How a live mount differs from the options that were asked for. */
export interface Difference {
  /** Options of the mount point, which change at once and touch nothing below it. */
  readonly now: readonly string[];
  /** Those of the connection, as sentences: the kernel sets them when it mounts. */
  readonly later: readonly string[];
  /**
   * Transfers that are smaller than asked for, as sentences. The server has the last word on them.
   */
  readonly smaller: readonly string[];
}

/** Options that mount(8) and systemd act upon and the kernel never shows. */
const unseen = /^(defaults|auto|noauto|nofail|_netdev|fg|bg|retry=.*|x-.*|comment=.*|users?|nouser)$/;

const pointFlags = /^(noatime|nodiratime|relatime|nosuid|nodev|noexec)$/;

const opposites: Readonly<Record<string, string>> = {
  atime: 'noatime',
  diratime: 'nodiratime',
  suid: 'nosuid',
  dev: 'nodev',
  exec: 'noexec',
};

/** What is wrong with options for disks of guests, and why; undefined if nothing is. */
export function harmful(options: string): string | undefined {
  for (const option of options.split(',')) {
    if (/^(soft|softerr)$/.test(option))
      return `${option} gives up when the server is away, and guests then see errors of their disks; hard waits`;
    if (/^(nolock|local_lock=(all|flock|posix))$/.test(option))
      return `${option} hides locks from other hosts, so that two of them could open one image`;
    if (/^(remount|bind|rbind|move)$/.test(option)) return `${option} is not an option of an NFS mount`;
  }
  return undefined;
}

/**
 * Compares a live NFS mount with the options. Those that the kernel does not show are not compared.
 */
export function compareOptions(wanted: string, mount: Mount): Difference {
  const live = new Map(mount.superOptions.map(pair));
  const now: string[] = [];
  const later: string[] = [];
  const smaller: string[] = [];
  for (const option of wanted.split(',').filter(one => one !== '' && !unseen.test(one))) {
    const [name, value] = pair(option);
    if (pointFlags.test(option) || opposites[option] !== undefined) {
      const holds = mount.options.includes(opposites[option] ?? option);
      if (holds === (opposites[option] !== undefined)) now.push(option);
    } else if (/^[rw]size$/.test(name)) {
      const has = Number(live.get(name));
      if (has < Number(value)) smaller.push(`${name} is ${has} of ${value}`);
      else if (has > Number(value)) later.push(`${name} is ${has} and not ${value}`);
    } else {
      const is = shown(name, value, live, mount);
      if (is !== undefined) later.push(is === '' ? `without ${option}` : `${is} and not ${value ?? option}`);
    }
  }
  return { now, later, smaller };
}

/**
 * The options of the mount point that hold, with those that are asked for: a change of some sets
 * all of them.
 */
export function pointOptions(now: readonly string[], mount: Mount): string {
  const kept = mount.options.filter(
    option =>
      !now.some(one => opposites[one] === option || (/atime$/.test(one) && /^(no|rel)atime$/.test(option))) &&
      (pointFlags.test(option) || option === 'ro'),
  );
  return [...new Set([...kept, ...now])].join(',');
}

/**
 * What holds instead of an option, '' where the kernel shows nothing of it; undefined if the option
 * holds.
 */
function shown(
  name: string,
  value: string | undefined,
  live: ReadonlyMap<string, string | undefined>,
  mount: Mount,
): string | undefined {
  if (name === 'ro' || name === 'rw') {
    const is = mount.options.includes('ro') || live.has('ro') ? 'ro' : 'rw';
    return is === name ? undefined : is;
  }
  if (value === undefined) {
    if (/^(hard|sync)$/.test(name)) return live.has(name) ? undefined : live.has('soft') ? 'soft' : '';
    return undefined;
  }
  if (name === 'nconnect') {
    const is = live.get('nconnect') ?? '1';
    return is === value ? undefined : `nconnect=${is}`;
  }
  const key = name === 'nfsvers' ? 'vers' : name;
  const is = live.get(key);
  if (is === undefined || is === value || (key === 'vers' && is.startsWith(`${value}.`))) return undefined;
  return `${key}=${is}`;
}

function pair(option: string): [string, string | undefined] {
  const at = option.indexOf('=');
  return at < 0 ? [option, undefined] : [option.slice(0, at), option.slice(at + 1)];
}
