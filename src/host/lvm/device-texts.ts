import { type ShellText, sh } from '../../shell/quote.ts';
import { printDeviceUsers } from './device-users.ts';

/** What is looked at of a device; the guard of a change compares some of it or all. */
export const deviceParts = ['facts', 'signatures', 'ends', 'users'] as const;

export type DevicePart = (typeof deviceParts)[number];

/** Shell text that looks at each part of the device at a path. */
export const deviceTexts: Readonly<Record<DevicePart, (path: string) => ShellText>> = {
  facts: path => sh`real=$(readlink -f ${path}) && [ -e "$real" ] || exit 3
[ -b "$real" ] || exit 4
node=/sys/class/block/\${real##*/}
read -r number <"$node/dev" && read -r sectors <"$node/size" && read -r readonly <"$node/ro" || exit 1
printf '%s\\n' "real=$real" "number=$number" "sectors=$sectors" "readonly=$readonly"
for at in "$node"/holders/*; do [ -e "$at" ] && printf 'holder=%s\\n' "\${at##*/}"; done
if [ -e "$node/partition" ]; then
  for at in "$node"/../holders/*; do [ -e "$at" ] && printf 'holder=%s\\n' "\${at##*/}"; done
fi
for at in "$node"/*/partition; do [ -e "$at" ] && at=\${at%/partition} && printf 'partition=%s\\n' "\${at##*/}"; done
for at in "$node/serial" "$node/device/serial" "$node/device/wwid"; do
  [ -r "$at" ] && printf 'serial=%s\\n' "$(cat "$at" 2>/dev/null)"
done
[ -r "$node/device/model" ] && printf 'model=%s\\n' "$(cat "$node/device/model")"
[ -r "/run/udev/data/b$number" ] && sed -n -e 's/^E:ID_SERIAL_SHORT=/serial=/p' -e 's/^E:ID_SERIAL=/serial=/p' \\
  -e 's/^E:ID_MODEL=/model=/p' -e 's/^E:DM_MULTIPATH_DEVICE_PATH=/multipath=/p' "/run/udev/data/b$number"
:`,
  signatures: path => sh`wipefs -J ${path}`,
  users: path => printDeviceUsers(path),
  // dd and tr instead of cmp: the count proves that the whole MiB was read, and a short read does
  // not prove emptiness. A block is a MiB, or less where the size of the device is not a multiple
  // of it: the last MiB starts at a block.
  ends: path => sh`real=$(readlink -f ${path}) && read -r sectors <"/sys/class/block/\${real##*/}/size" || exit 1
block=2048; while [ $((sectors % block)) -ne 0 ]; do block=$((block / 2)); done
for start in 0 $((sectors - 2048)); do
  mib="bs=$((block * 512)) skip=$((start / block)) count=$((2048 / block))"
  all=$(dd if=${path} $mib 2>/dev/null | wc -c)
  other=$(dd if=${path} $mib 2>/dev/null | tr -d '\\000' | wc -c)
  printf '%d %d\\n' "$all" "$other"
done`,
};
