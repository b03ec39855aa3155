import { parseMountinfo } from '../../host/file/mounts.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';

/** A partition as the table has it; in sectors of the disk. */
export interface Partition {
  readonly number: number;
  readonly start: number;
  /** The sector after its last. */
  readonly end: number;
  /** A GUID in upper case, or two hexadecimal digits in lower case. */
  readonly type: string;
  readonly name: string;
  readonly attributes: readonly string[];
  readonly bootable: boolean;
}

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

export interface Table {
  readonly label: 'gpt' | 'dos';
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly partitions: readonly Partition[];
  /** What sfdisk has to say against the table. */
  readonly defect: string;
  /** sfdisk's own text, for the guard. */
  readonly text: string;
}

/** What the kernel says of a disk. */
export interface Kernel {
  /** Bytes of a sector, as the disk is addressed and as it is built. */
  readonly logical: number;
  readonly physical: number;
  readonly partitions: readonly KernelPartition[];
}

/** Prints the table as JSON. */
export function tableCommand(device: string): ShellText {
  return sh`sfdisk --json ${device}`;
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
  read -r number <"$at" && read -r dev <"$part/dev" && read -r start <"$part/start" && read -r size <"$part/size" || exit 1
  printf '%s\\n' "partition $number \${part##*/} $dev $start $size"
  for held in "$part"/holders/*; do [ -e "$held" ] && printf '%s\\n' "holder $number \${held##*/}"; done
done
:`;
}

/**
 * The table of a disk; undefined where there is none.
 * @throws CannotTell
 */
export function readTable(answer: Answer): Table | undefined {
  const found = accept(answer, 'table', [0, 1], 'sfdisk');
  if (found.code === 1) {
    if (/does not contain a recognized partition table/.test(found.stderr)) return undefined;
    throw new CannotTell(`sfdisk could not read the partition table: ${found.stderr.trim() || 'it printed nothing'}`);
  }
  const table = parse(found.stdout);
  if (table?.label !== 'gpt' && table?.label !== 'dos') {
    throw new CannotTell(
      `the disk has a partition table that is neither gpt nor msdos: ${table?.label ?? 'unreadable'}`,
    );
  }
  return {
    label: table.label,
    first: table.firstlba,
    last: table.lastlba,
    partitions: (table.partitions ?? [])
      .map(row => partitionOf(row, table.device))
      .toSorted((a, b) => a.number - b.number),
    defect: found.stderr.trim(),
    text: found.stdout,
  };
}

/** @throws CannotTell */
export function readKernel(answer: Answer): Kernel {
  const lines = accept(answer, 'kernel', [0], 'The look at /sys')
    .stdout.split('\n')
    .map(line => line.split(' '));
  const [, logical, physical] = lines.find(([word]) => word === 'sectors') ?? [];
  if (!(Number(logical) > 0 && Number(physical) > 0))
    throw new CannotTell('the sector size of the disk could not be read');
  const mounts = parseMountinfo(accept(answer, 'mounts', [0], 'cat').stdout);
  const swaps = accept(answer, 'swaps', [0], 'cat')
    .stdout.split('\n')
    .map(line => line.split(/\s/)[0]);
  const rows = lines.filter(([word]) => word === 'partition');
  const partitions = rows.map(([, number, node, device, start, size]) => {
    const mounted = mounts.filter(mount => mount.device === device || mount.source === `/dev/${node}`);
    const holders = lines.filter(([word, of]) => word === 'holder' && of === number).map(([, , name]) => name);
    const use =
      mounted.length > 0
        ? `is mounted on ${mounted.map(mount => mount.path).join(', ')}`
        : swaps.includes(`/dev/${node}`)
          ? 'is used as swap'
          : holders.length > 0
            ? `is held by ${holders.join(', ')} (RAID, multipath, LUKS or LVM)`
            : undefined;
    return { number: Number(number), node: node!, device: device!, start: Number(start), size: Number(size), use };
  });
  return { logical: Number(logical), physical: Number(physical), partitions };
}

interface Row {
  readonly node: string;
  readonly start: number;
  readonly size: number;
  readonly type: string;
  readonly name?: string;
  readonly attrs?: string;
  readonly bootable?: boolean;
}

interface Json {
  readonly label: string;
  readonly device: string;
  readonly firstlba?: number;
  readonly lastlba?: number;
  readonly partitions?: readonly Row[];
}

function parse(text: string): Json | undefined {
  try {
    return (JSON.parse(text) as { partitiontable?: Json }).partitiontable;
  } catch {
    throw new CannotTell(`sfdisk printed something that is not a partition table: ${text.slice(0, 200)}`);
  }
}

function partitionOf(row: Row, device: string): Partition {
  const number = Number(/^(?:p|-part)?(\d+)$/.exec(row.node.slice(device.length))?.[1]);
  if (!(number > 0 && row.start >= 0 && row.size > 0)) {
    throw new CannotTell(`sfdisk printed a partition that cannot be read: ${JSON.stringify(row)}`);
  }
  return {
    number,
    start: row.start,
    end: row.start + row.size,
    type: row.type,
    name: row.name ?? '',
    attributes: (row.attrs ?? '').split(/[ ,]+/).filter(name => name !== ''),
    bootable: row.bootable ?? false,
  };
}
