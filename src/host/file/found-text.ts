import type { Entry } from './entry.ts';
import { formatMode } from './mode.ts';

/**
 * An entry of a file system as `stat` and `find` return it; fields that are not known are left out.
 */
export interface FoundEntry {
  readonly path?: string;
  readonly isreg?: boolean;
  readonly isdir?: boolean;
  readonly islnk?: boolean;
  readonly isblk?: boolean;
  readonly ischr?: boolean;
  readonly isfifo?: boolean;
  readonly mode?: string;
  readonly pw_name?: string;
  readonly gr_name?: string;
  /** Bytes. */
  readonly size?: number;
  /** Seconds since 1970. */
  readonly mtime?: number;
  readonly lnk_target?: string;
}

/** The fields of an entry that `stat` and `find` return. */
export function fieldsOf(path: string, entry: Entry) {
  const { kind, mode, uid, gid, owner, group, size, links, inode, modified } = entry;
  return {
    path,
    isreg: kind === 'file',
    isdir: kind === 'directory',
    islnk: kind === 'link',
    isblk: kind === 'block',
    ischr: kind === 'character',
    isfifo: kind === 'fifo',
    issock: kind === 'socket',
    mode: formatMode(mode),
    uid,
    gid,
    pw_name: owner,
    gr_name: group,
    size,
    nlink: links,
    mtime: modified,
    inode: Number(inode),
  };
}

/** An entry as one line: `file  0644  root:root  1204 bytes  2026-01-31 08:15:00Z  /etc/motd`. */
export function foundText(entry: FoundEntry): string {
  const { path = '', mode = '', pw_name = '', gr_name = '', size = 0, mtime = 0, lnk_target } = entry;
  const time = new Date(mtime * 1000).toISOString().replace('T', ' ').replace('.000', '');
  const where = lnk_target === undefined ? path : `${path} -> ${lnk_target}`;
  return [kindOf(entry), mode, `${pw_name}:${gr_name}`, `${size} bytes`, time, where].join('  ');
}

function kindOf(entry: FoundEntry): string {
  if (entry.isreg) return 'file';
  if (entry.isdir) return 'directory';
  if (entry.islnk) return 'link';
  if (entry.isblk) return 'block device';
  if (entry.ischr) return 'character device';
  return entry.isfifo ? 'named pipe' : 'socket';
}
