import type { Mount } from '../../host/file/mounts.ts';
import { CannotTell } from '../../shell/answer.ts';
import { type ShellText, sh } from '../../shell/quote.ts';

/** What the kernel knows of a partition. */
export interface KernelPartition {
  readonly number: number;
  /** `vdb2`. */
  readonly node: string;
  /** In units of 512 bytes, as sysfs counts. */
  readonly start: number;
  readonly size: number;
  /** Who uses it: "is mounted on /srv"; undefined where it is not in use. */
  readonly use: string | undefined;
  /** `major:minor`. */
  readonly device: string;
}

/** What the kernel says of a disk. */
export interface Kernel {
  /** Bytes of a sector, as the disk is addressed and as it is built. */
  readonly logical: number;
  readonly physical: number;
  readonly partitions: readonly KernelPartition[];
}

/**
 * What sysfs knows of the disk and of its partitions. Leaves with 4 if it is not a whole disk, with
 * 5 if device-mapper makes it.
 */
export function kernelCommand(device: string): ShellText {
  return sh`real=$(readlink -f ${device}) && [ -b "$real" ] || exit 3
node=/sys/class/block/\${real##*/}
if [ -e "$node/partition" ]; then exit 4; fi
if [ -e "$node/dm" ]; then exit 5; fi
read -r logical <"$node/queue/logical_block_size" && read -r physical <"$node/queue/physical_block_size" || exit 1
printf '%s\\n' "sectors $logical $physical"
for at in "$node"/*/partition; do
  [ -e "$at" ] || continue
  part=\${at%/partition}
  read -r number <"$at" && read -r dev <"$part/dev" && read -r start <"$part/start" && read -r size <"$part/size" || \
exit 1
  printf '%s\\n' "partition $number \${part##*/} $dev $start $size"
  for held in "$part"/holders/*; do [ -e "$held" ] && printf '%s\\n' "holder $number \${held##*/}"; done
done
:`;
}

/** What is in use on a host. */
export interface Usage {
  readonly mounts: readonly Mount[];
  /** Paths of devices. */
  readonly swaps: readonly string[];
}

/** Reads what {@link kernelCommand} printed. @throws CannotTell */
export function readKernel(text: string, usage: Usage): Kernel {
  const lines = text.split('\n').map(line => line.split(' '));
  const rows = (word: string) => lines.filter(([first]) => first === word).map(([, ...fields]) => fields);
  const [logical, physical] = (rows('sectors')[0] ?? []).map(Number);
  if (logical === undefined || physical === undefined || !(logical > 0 && physical > 0))
    throw new CannotTell('the sector size of the disk could not be read');
  const partitions = rows('partition').map(([number, node = '', device = '', start, size]) => {
    const holders = rows('holder').flatMap(([of, name]) => (of === number && name !== undefined ? [name] : []));
    const use = useOf({ node, device, holders }, usage);
    return { number: Number(number), node, device, start: Number(start), size: Number(size), use };
  });
  return { logical, physical, partitions };
}

function useOf(
  { node, device, holders }: { node: string; device: string; holders: readonly string[] },
  { mounts, swaps }: Usage,
): string | undefined {
  const mounted = mounts.filter(mount => mount.device === device || mount.source === `/dev/${node}`);
  if (mounted.length > 0) return `is mounted on ${mounted.map(mount => mount.path).join(', ')}`;
  if (swaps.includes(`/dev/${node}`)) return 'is used as swap';
  return holders.length > 0 ? `is held by ${holders.join(', ')} (RAID, multipath, LUKS or LVM)` : undefined;
}
