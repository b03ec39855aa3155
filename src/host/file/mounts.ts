import { posix } from 'node:path';
import { CannotTell } from '../../shell/answer.ts';
import { type Look, map, printed } from '../../shell/look.ts';
import { type ShellText, sh } from '../../shell/quote.ts';

/** One line of /proc/self/mountinfo. */
export interface Mount {
  /** `major:minor`. */
  readonly device: string;
  /** The directory of the file system that is mounted; `/` but for bind mounts. */
  readonly root: string;
  readonly path: string;
  readonly options: readonly string[];
  readonly fstype: string;
  readonly source: string;
  readonly superOptions: readonly string[];
}

/**
 * Reads mountinfo, in the order of mounting: of several at one path the last is the one that is
 * seen.
 */
export function parseMountinfo(text: string): Mount[] {
  return text.split('\n').flatMap(line => {
    const [left = '', right] = line.split(' - ');
    const [, , device = '', root = '', path = '', options] = left.split(' ');
    if (options === undefined || right === undefined) return [];
    const [fstype = '', source = '', superOptions = ''] = right.split(' ');
    return {
      device,
      root: unescapeOctal(root),
      path: unescapeOctal(path),
      options: options.split(','),
      fstype,
      source: unescapeOctal(source),
      superOptions: superOptions.split(','),
    };
  });
}

/** All that is mounted, in the order of mounting. @throws CannotTell where that is nothing */
export const mountPoints: Look<readonly Mount[]> = map(
  printed('cat /proc/self/mountinfo', sh`cat /proc/self/mountinfo`),
  text => {
    const mounts = parseMountinfo(text);
    if (mounts.length === 0) throw new CannotTell('/proc/self/mountinfo names no mount: is /proc mounted?');
    return mounts;
  },
);

/** The mount points at `path` and below it. */
export function mountsWithin(mounts: readonly Mount[], path: string): string[] {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  return mounts.map(mount => mount.path).filter(point => point === path || point.startsWith(prefix));
}

/**
 * Text of a guard: leaves with 75 if something is mounted at the real path or below it by now,
 * which a removal would empty.
 */
export function noMountWithin(real: string): ShellText {
  const escaped = escapeOctal(real);
  return sh`while read -r _ _ _ _ at _; do
  case $at in ${escaped}|${escaped}/*) exit 75;; esac
done < /proc/self/mountinfo`;
}

/** A directory of a file system, whatever it is called: what a bind mount of it shows. */
export type Origin = Pick<Mount, 'device' | 'root'>;

/** Where a path lies, which has no links in it; undefined where nothing is mounted above it. */
export function originOf(mounts: readonly Mount[], path: string): Origin | undefined {
  const above = mounts.filter(mount => mountsWithin([{ ...mount, path }], mount.path).length > 0);
  const depth = Math.max(...above.map(mount => mount.path.length));
  const mount = above.findLast(one => one.path.length === depth);
  if (!mount) return undefined;
  const below = path.slice(mount.path.replace(/\/$/, '').length).replace(/^\//, '');
  return { device: mount.device, root: posix.join(mount.root, below) };
}

/** fstab and mountinfo write a blank as `\040`. */
export function unescapeOctal(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** Escapes blanks and backslashes as mountinfo and fstab do (`\\040`). */
export function escapeOctal(field: string): string {
  return field.replace(/[ \t\n\\]/g, sign => `\\${sign.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
