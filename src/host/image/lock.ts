import { type ShellText, sh } from '../../shell/quote.ts';

/**
 * Shell text for a subshell, that prints `locked` where somebody has an image open for writing: a
 * program of this host, or a loop device; or a QEMU on another host, by its lock. `opened` is how
 * qemu-img opens it.
 */
export function lockOf(path: string, opened: ShellText = sh`${path}`): ShellText {
  return sh`[ -f ${path} ] || exit 0
for fd in /proc/[0-9]*/fd/*; do
  [ "$fd" -ef ${path} ] || continue
  case $(grep '^flags:' "\${fd%/fd/*}/fdinfo/\${fd##*/}" 2>/dev/null) in *[12]) echo locked; exit 0 ;; esac
done
for loop in /sys/block/loop*/loop/backing_file; do
  [ -f "$loop" ] && [ "$(cat "$loop")" -ef ${path} ] || continue
  case $(cat "\${loop%/loop/*}/ro") in 0) echo locked; exit 0 ;; esac
done
command -v qemu-img >/dev/null || exit 0
why=$(qemu-img info ${opened} 2>&1) || case $why in *lock*) echo locked ;; *) printf '%s\\n' "$why" >&2; exit 1 ;; \
esac`;
}

/** Text of a guard: leaves with 75 where somebody has the file open for writing by now. */
export function openedByNone(path: string): ShellText {
  return sh`lock=$(${lockOf(path)}) || exit 1
[ -z "$lock" ] || exit 75`;
}
