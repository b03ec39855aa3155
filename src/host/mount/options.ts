import type { Mount } from '../file/mounts.ts';
import { parseSize } from '../size.ts';

/** Options that mount(8) and systemd act upon and the kernel never shows. */
const unseen = new RegExp(
  `^(${[
    'defaults|auto|noauto|user|users|nouser|group|owner|nofail|_netdev|bind|rbind|loop|remount',
    'comment=.*|x-.*|helper=.*|uhelper=.*|verify=.*',
  ].join('|')})$`,
);

/** What is shown only by the absence of its opposite. */
const opposites: Readonly<Record<string, string>> = {
  exec: 'noexec',
  suid: 'nosuid',
  dev: 'nodev',
  atime: 'noatime',
  diratime: 'nodiratime',
  async: 'sync',
  norelatime: 'relatime',
  nostrictatime: 'strictatime',
  nolazytime: 'lazytime',
};

const flags = /^(ro|rw|noexec|nosuid|nodev|noatime|nodiratime|relatime|sync|dirsync|lazytime)$/;

/** File systems whose size and ownership are options, so that a missing one is a difference. */
const sized = /^(tmpfs|hugetlbfs|ramfs)$/;

/**
 * The options that were asked for and do not hold for a mount, each with what holds instead.
 * Options that the kernel does not show are not compared.
 */
export function missingOptions(wanted: string, mount: Mount): string[] {
  const live = new Set([...mount.options, ...mount.superOptions]);
  // A file system may be writable where this mount of it is not.
  const shown = mount.options.includes('ro') ? 'ro' : mount.superOptions.includes('ro') ? 'ro' : 'rw';
  return splitOptions(wanted).filter(option => {
    if (unseen.test(option)) return false;
    if (option === 'ro' || option === 'rw') return option !== shown;
    const opposite = opposites[option];
    if (opposite !== undefined) return live.has(opposite);
    if (flags.test(option)) return !live.has(option);
    return differs(option, live, mount.fstype);
  });
}

/** Commas separate options, except in quotes. */
function splitOptions(options: string): string[] {
  return (options.match(/(?:[^,"]|"[^"]*")+/g) ?? []).map(option => option.trim());
}

function differs(option: string, live: ReadonlySet<string>, fstype: string): boolean {
  const [key, value] = parts(option);
  if (value === undefined) return false;
  const shown = [...live].map(parts).find(([name]) => name === key);
  if (!shown) return sized.test(fstype) && !/^(mode|uid|gid)$/.test(key);
  return !sameValue(key, shown[1] ?? '', value);
}

function parts(option: string): [string, string | undefined] {
  const at = option.indexOf('=');
  return at < 0 ? [option, undefined] : [option.slice(0, at), option.slice(at + 1)];
}

function sameValue(key: string, live: string, wanted: string): boolean {
  if (live === wanted) return true;
  if (key === 'mode' || key === 'umask') return Number.parseInt(live, 8) === Number.parseInt(wanted, 8);
  // A share of the memory is shown in KiB, and a name as its number.
  if (wanted.endsWith('%') || /^(uid|gid)$/.test(key)) return !/^\d+$/.test(wanted);
  const size = parseSize(wanted.toUpperCase());
  return size !== undefined && size === parseSize(live.toUpperCase());
}
