import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { allDomains } from '../libvirt/all-domains.ts';
import { pathsByGuest } from '../libvirt/named-files.ts';

/**
 * Who has to do with a block device or a part of it, though the kernel does not count it as held.
 */
export interface DeviceUser {
  /**
   * The kernel's name of the device: the one that was asked for, its disk, or one of its
   * partitions.
   */
  readonly node: string;
  /** `the guest web1`, `qemu-system-x86 (process 4711)`. */
  readonly by: string;
}

/**
 * Shell text that prints who uses a device: `process NODE PID PROGRAM` for each process that has it
 * open, and `guest NODE NAME` for each domain that names it in any document. QEMU opens disks
 * without a lock that others would meet. Its disk and its partitions count as well. A device with a
 * holder or a mount is in use anyway: then nothing is looked for. udev looks at devices in passing,
 * so that what is open is looked at again for two seconds.
 */
export function printDeviceUsers(path: string, uri = 'qemu:///system'): ShellText {
  return join([
    sh`real=$(readlink -f ${path}) && [ -b "$real" ] || exit 0`,
    raw('node=/sys/class/block/${real##*/}; read -r number <"$node/dev" || exit 1'),
    raw('for at in "$node"/holders/*; do [ ! -e "$at" ] || exit 0; done'),
    raw('if grep -q " $number " /proc/self/mountinfo; then exit 0; fi'),
    raw('names=${real##*/} numbers=" "'),
    raw('for at in "$node"/*/partition; do [ ! -e "$at" ] || { at=${at%/partition}; names="$names ${at##*/}"; }; done'),
    raw('if [ -e "$node/partition" ]; then disk=$(readlink -f "$node/..") || exit 1; names="$names ${disk##*/}"; fi'),
    raw('for name in $names; do read -r n <"/sys/class/block/$name/dev" || exit 1'),
    raw('  numbers="$numbers$(printf "%x:%x=%s" "${n%:*}" "${n#*:}" "$name") "; done'),
    openDevices,
    guestDevices(uri),
  ]);
}

/**
 * Behind the look at a device: processes that have one of `$names` open. A node in another root has
 * the same number.
 */
const openDevices: ShellText =
  raw(`(cd /proc/1/fd) 2>/dev/null || { echo 'what other processes have open cannot be seen' >&2; exit 1; }
opened() {
  find -L /proc/[0-9]*/fd -maxdepth 1 -type b -exec stat -L -c '%t:%T %n' {} + 2>/dev/null | while read -r n fd; do
    case $numbers in *" $n="*) ;; *) continue ;; esac
    name=\${numbers#*" $n="} pid=\${fd#/proc/} pid=\${pid%%/*}
    read -r program 2>/dev/null <"/proc/$pid/comm" && printf 'process %s %s %s\\n' "\${name%% *}" "$pid" "$program"
  done | sort -u
}
for look in 1 2 3; do found=$(opened); [ "$found" ] && [ $look -lt 3 ] && sleep 1 || break; done
[ -z "$found" ] || printf '%s\\n' "$found"`);

/** Where libvirt does not answer, and has no definition either, no guest can name anything. */
function guestDevices(uri: string): ShellText {
  return sh`all=$(${allDomains(uri, 'every document, volumes by path')}
) || [ $? -eq 3 ] || for at in /etc/libvirt/qemu/*.xml; do [ ! -e "$at" ] || exit 1; done
printf '%s\\n' "$all" | ${pathsByGuest} | while IFS='\t' read -r guest f; do
  [ -b "$f" ] || continue
  for name in $names; do [ ! "$f" -ef "/dev/$name" ] || printf 'guest %s %s\\n' "$name" "$guest"; done
done | sort -u`;
}

/** Reads what {@link printDeviceUsers} printed. */
export function parseDeviceUsers(text: string): readonly DeviceUser[] {
  const rows = text.matchAll(/^(?:process (\S+) (\d+) (.*)|guest (\S+) (.*))$/gm);
  return [...rows].map(([, node, pid, program, named = '', guest]) =>
    node === undefined ? { node: named, by: `the guest ${guest}` } : { node, by: `${program} (process ${pid})` },
  );
}
