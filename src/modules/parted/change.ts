import { type Device, sameDevice } from '../../host/lvm/device.ts';
import type { Resource } from '../../shell/answer.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { type Script, script } from '../../shell/script.ts';
import type { Stored } from './flags.ts';
import type { Range } from './position.ts';
import { type Partition, type Table, tableCommand } from './table.ts';

/** Where tables are kept before they are changed, for whoever finds out too late. */
const keep = '/var/lib/hostwright/backup/partitions';

/**
 * Neither do we let sfdisk ask whether the disk is in use, nor tell the kernel to read all of the
 * table again, which it does not while any partition is in use: partx tells it of the one
 * partition. What lies in a new partition is left as it is.
 */
const quiet = raw('sfdisk -q --no-reread --no-tell-kernel --wipe never --wipe-partitions never');

/** Keeps the table as it is now: `sfdisk DEVICE < FILE` brings it back. */
export function keepTable(device: string): ShellText {
  const file = `${keep}/${device.replaceAll('/', '_').replace(/^_/, '')}`;
  return sh`umask 077; mkdir -p ${keep} && sfdisk --dump ${device} > ${file}."$(date +%Y%m%dT%H%M%S)"`;
}

/** Adds a partition, to a new table if `label` is given. */
export function addPartition(
  device: string,
  wanted: Range & Stored & { number: number },
  label?: Table['label'],
): ShellText {
  const { number, start, end, type, bootable, attributes } = wanted;
  const attrs = attributes.length > 0 ? `, attrs="${attributes.join(',')}"` : '';
  const line = `${number} : start=${start}, size=${end - start}, type=${type}${attrs}${bootable ? ', bootable' : ''}`;
  const lines = label === undefined ? [line] : [`label: ${label}`, line];
  return sh`printf '%s\\n' ${lines} | ${quiet}${raw(label === undefined ? ' --append' : '')} ${device}`;
}

/** Sets the name of a partition, which only GPT has. */
export function setName(device: string, number: number, name: string): ShellText {
  return sh`${quiet} --part-label ${device} ${number} ${name}`;
}

/** Sets what flags are stored as, where it differs. */
export function setStored(device: string, there: Partition, wanted: Stored): ShellText | undefined {
  const commands = [
    there.type !== wanted.type && sh`${quiet} --part-type ${device} ${there.number} ${wanted.type}`,
    there.attributes.join() !== wanted.attributes.join() &&
      sh`${quiet} --part-attrs ${device} ${there.number} ${wanted.attributes.join(',')}`,
    there.bootable !== wanted.bootable &&
      sh`printf '%s\\n' ${`,,,${wanted.bootable ? '*' : '-'}`} | ${quiet} -N ${there.number} ${device}`,
  ];
  return commands.some(command => command !== false) ? join(commands, ' &&\n') : undefined;
}

/**
 * Tells the kernel of the partition. udev may have been faster, so that the look afterwards proves
 * it.
 */
export function tellKernel(device: string, number: number): ShellText {
  return join([
    sh`partx -u --nr ${number} ${device} || :`,
    raw('if command -v udevadm >/dev/null; then udevadm settle --timeout=10 || :; fi'),
  ]);
}

/**
 * Who looks at a new partition (udev, a scan of LVM) has it open for a moment, and the kernel
 * refuses meanwhile.
 */
function forgetPartition(device: string, number: number): ShellText {
  return sh`left=5
until partx -d --nr ${number} ${device}; do left=$((left - 1)); [ "$left" -gt 0 ] || exit 1; sleep 1; done`;
}

/** First the kernel, which refuses while the partition is in use, then the table. */
export function removePartition(device: string, number: number, known: { kernel: boolean; table: boolean }): Script {
  return script({
    ...(known.kernel && { forget: forgetPartition(device, number) }),
    ...(known.table && { remove: sh`${quiet} --delete ${device} ${number}` }),
  });
}

/** Leaves with 75 unless table, signatures and partitions are what they were. */
export function tableGuard(device: Device, table: Table | undefined): Script {
  const text = table?.text.replace(/\n+$/, '');
  return script({
    guard: join([
      sameDevice(device, ['facts', 'signatures', 'users']),
      text !== undefined && sh`[ "$( ${tableCommand(device.path)} 2>/dev/null\n)" = ${text} ] || exit 75`,
    ]),
  });
}

/**
 * The paths that a partition has: by the kernel's name, and by a stable one if the disk was named
 * by one.
 */
export function partitionPaths({ path, real }: Device, number: number): readonly [Resource, ...Resource[]] {
  const node = { kind: 'path', name: `${real}${/\d$/.test(real) ? 'p' : ''}${number}` } as const;
  return path.startsWith('/dev/disk/') ? [{ kind: 'path', name: `${path}-part${number}` }, node] : [node];
}
