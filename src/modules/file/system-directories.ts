import { raw, type ShellText, sh } from '../../shell/quote.ts';

/** Directories without which no system runs (Filesystem Hierarchy Standard 3.0, section 3.2). */
const system = /^\/(bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)?$/;

/** The same for a shell, which looks which of them there are. */
const names = raw(
  '/ /bin /boot /dev /etc /home /lib /lib32 /lib64 /libx32 /media /mnt /opt /proc /root /run ' +
    '/sbin /srv /sys /tmp /usr /var',
);

/**
 * Whether a path is that of a directory of the system, or of a link in its place. It has no links
 * in its parents.
 */
export function isSystemDirectory(path: string): boolean {
  return system.test(path);
}

/**
 * Shell text that prints which directories of the system the directory at `path` is: by device and
 * inode, since a bind mount or a link gives it other names. It starts no process.
 */
export function printSystemDirectories(path: string): ShellText {
  return sh`for d in ${names}; do if [ ${path} -ef "$d" ]; then printf '%s\\n' "$d"; fi; done`;
}
