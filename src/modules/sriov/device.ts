import { accept, CannotTell } from '../../shell/answer.ts';
import { raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';

/** A virtual function as sysfs shows it. */
export interface VirtualFunction {
  readonly address: string;
  /** '' where none is bound. */
  readonly driver: string;
  /** What of it the host itself uses, as phrases. */
  readonly uses: readonly string[];
}

/** A physical function as sysfs shows it. */
export interface PhysicalFunction {
  readonly address: string;
  readonly driver: string;
  /** Its network interfaces; none for other devices. */
  readonly interfaces: readonly string[];
  /** Undefined where the device has no SR-IOV. */
  readonly total: number | undefined;
  readonly current: number;
  readonly autoprobe: boolean;
  readonly functions: readonly VirtualFunction[];
}

export const pciAddress = '[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]';

/** The directory of the device in sysfs, for the shell. */
export function directoryOf(pf: string): string {
  return new RegExp(`^${pciAddress}$`).test(pf) ? `/sys/bus/pci/devices/${pf}` : `/sys/class/net/${pf}/device`;
}

/**
 * Probe sections of the device, and of the interfaces by which the host is reached. They start few
 * processes.
 */
export function deviceSections(pf: string): Readonly<Record<'device' | 'reached', ShellText>> {
  return {
    device: sh`cd -P ${directoryOf(pf)} 2>/dev/null || exit 3
driver() { if [ -e "$1/driver" ]; then d=$(readlink -f "$1/driver") || exit 1; echo "\${d##*/}"; else echo; fi; }
# A virtio device stands below its PCI device.
case "\${PWD##*/}" in virtio*) cd .. || exit 1;; esac
echo "address \${PWD##*/}"
echo "driver $(driver .)"
for net in net/*; do [ -e "$net" ] && echo "interface \${net##*/}"; done
for file in sriov_totalvfs sriov_numvfs sriov_drivers_autoprobe; do
  [ -e $file ] || continue
  IFS= read -r value <$file || exit 1
  echo "$file $value"
done
for vf in virtfn*; do
  [ -e "$vf" ] || continue
  at=$(readlink -f "$vf") || exit 1
  echo "vf \${at##*/} $(driver "$vf")"
  for net in "$vf"/net/*; do
    [ -e "$net" ] || continue
    IFS= read -r flags <"$net/flags" || exit 1
    [ $((flags & 1)) = 0 ] || echo "use \${net##*/} is up"
    for upper in "$net"/upper_*; do [ ! -e "$upper" ] || echo "use \${net##*/} is part of \${upper##*/upper_}"; done
  done
  for disk in "$vf"/nvme/nvme*/nvme*n* "$vf"/host*/target*/*/block/*; do [ ! -d "$disk" ] || echo "use \${disk##*/} is a disk of the host"; done
done
:`,
    reached: raw(`command -v ip >/dev/null || exit 127
list=$(ip -o route show default && ip -6 -o route show default) || exit 1
names=$(printf '%s\\n' "$list" | awk '{ for (i = 1; i < NF; i++) if ($i == "dev") print $(i + 1) }')
connection=$SSH_CONNECTION pid=$$
while [ -z "$connection" ] && [ "$pid" -gt 1 ]; do
  connection=$(tr '\\0' '\\n' <"/proc/$pid/environ" 2>/dev/null | sed -n 's/^SSH_CONNECTION=//p')
  pid=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status") || exit 1
done
set -- $connection
if [ -n "$3" ]; then
  all=$(ip -o addr) || exit 1
  names="$names $(printf '%s\\n' "$all" | awk -v ip="$3" '{ split($4, part, "/"); if (part[1] == ip) print $2 }')"
fi
# Bridges, bonds and VLANs lead to the devices below them.
while set -- $names; [ $# -gt 0 ]; do
  name=$1; shift; names=$*
  at=/sys/class/net/$name
  [ -e "$at" ] || continue
  for lower in "$at"/lower_*; do [ ! -e "$lower" ] || names="$names \${lower##*/lower_}"; done
  for own in "$at/device" "$at/device/physfn"; do
    [ -e "$own" ] || continue
    own=$(readlink -f "$own") || exit 1
    echo "$name \${own##*/}"
  done
done
:`),
  };
}

/** Undefined where the device does not exist. @throws CannotTell */
export function readDevice(answer: Answer): PhysicalFunction | undefined {
  const { code, stdout } = accept(answer, 'device', [0, 3], 'The look at the device');
  if (code === 3) return undefined;
  const rows = stdout.split('\n').map(row => row.split(' '));
  const first = (name: string) =>
    rows
      .find(([key]) => key === name)
      ?.slice(1)
      .join(' ');
  const address = first('address') ?? '';
  const numbers = ['sriov_totalvfs', 'sriov_numvfs', 'sriov_drivers_autoprobe'].map(first);
  if (address === '' || numbers.some(text => text !== undefined && !/^\d+$/.test(text)))
    throw new CannotTell(`the look at the device printed ${JSON.stringify(stdout.slice(0, 200))}`);
  const [total, current, autoprobe] = numbers;
  const functions: { address: string; driver: string; uses: string[] }[] = [];
  for (const [key, ...words] of rows) {
    if (key === 'vf') functions.push({ address: words[0]!, driver: words[1] ?? '', uses: [] });
    if (key === 'use') functions.at(-1)!.uses.push(words.join(' '));
  }
  if (functions.length !== Number(current ?? 0))
    throw new CannotTell(`${address} says that it has ${current} virtual functions, and ${functions.length} are there`);
  return {
    address,
    driver: first('driver') ?? '',
    interfaces: rows.filter(([key]) => key === 'interface').map(([, name]) => name!),
    total: total === undefined ? undefined : Number(total),
    current: Number(current ?? 0),
    autoprobe: autoprobe !== '0',
    functions,
  };
}

/** By interface the PCI devices by which the host is reached. @throws CannotTell */
export function readReached(answer: Answer): readonly { readonly name: string; readonly address: string }[] {
  const rows = accept(answer, 'reached', [0], 'ip').stdout.split('\n');
  return rows
    .filter(row => row !== '')
    .map(row => {
      const [name = '', address = ''] = row.split(' ');
      return { name, address };
    });
}
