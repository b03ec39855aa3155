import type { Stats } from 'node:fs';
import { fstatSync, lstatSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const othersMayWrite = 0o002;
const sticky = 0o1000;

/**
 * Why a file of settings may be somebody else's work, or undefined. Such a file could name a
 * program as inventory, or another user and key: a project that someone else has put above the
 * working folder must not do so unnoticed, as git's safe.directory has it. Members of the file's
 * group are trusted.
 * @param fd the open file, which is what is read afterwards, whatever becomes of the path
 */
export function distrust(file: string, fd: number): string | undefined {
  const folder = statSync(dirname(file));
  const itself = fstatSync(fd);
  const foreign = [itself, lstatSync(file)].find(stats => !isOurs(stats));
  if (foreign) return `it belongs to user ${foreign.uid}`;
  if ((itself.mode & othersMayWrite) !== 0) return 'every user may write it';
  if (!isOurs(folder)) return `its folder belongs to user ${folder.uid}`;
  if ((folder.mode & othersMayWrite) !== 0 && (folder.mode & sticky) === 0) return 'every user may write its folder';
  return undefined;
}

/** Of this user, of root, or of the user who started this with sudo. */
function isOurs({ uid }: Stats): boolean {
  const me = process.getuid?.();
  if (uid === me || uid === 0) return true;
  return me === 0 && String(uid) === process.env.SUDO_UID;
}
