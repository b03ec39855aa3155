import { machinePattern } from '../../host/libvirt/machines.ts';
import { virsh } from '../../host/libvirt/virsh.ts';
import { raw, type ShellText, sh } from '../../shell/quote.ts';

/**
 * Shell text that tells running guests the new size of a device which has grown: QEMU asks for it
 * only when it opens the device. Images of a format that
 * has a size of its own (qcow2 on a logical volume) are left alone.
 * @param bytes the size of the device.
 */
export function resizeInGuests(path: string, bytes: number): ShellText {
  const call = virsh('qemu:///system');
  // A libvirt that does not answer matters only where a machine runs.
  return sh`command -v virsh >/dev/null && grep -qsE ${machinePattern} /proc/[0-9]*/comm || exit 0
device=$(readlink -f ${path}) && ids=$(${call} list --uuid) || exit 1
for id in $ids; do
${call} dumpxml --domain "$id" | awk -F"'" '${raw(rawDisks)}' | while read -r target source; do
[ "$(readlink -f "$source")" = "$device" ] || continue
${call} blockresize --domain "$id" --path "$target" --size ${`${bytes}B`} || exit 1
done || { printf '%s\\n' ${
    `a guest still sees the old size of ${path}: virsh blockresize GUEST TARGET --size ` + `${bytes}B`
  } >&2; exit 1; }
done`;
}

/**
 * Target and source of each disk that is a device as it is. A source that is nested deeper belongs
 * to an image below it.
 */
const rawDisks = String.raw`
/^    <disk / { format = source = "" }
/^      <driver / && / type=\047raw\047/ { format = "raw" }
/^      <source dev=/ { source = $2 }
/^      <target dev=/ && format == "raw" && source != "" { print $2, source }
`;
