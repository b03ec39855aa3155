import { change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { describeDevice } from '../../host/lvm/device-claim.ts';
import { formatSize } from '../../host/size.ts';
import { script } from '../../shell/script.ts';
import { keepTable, partitionPaths, setName, setStored, tableGuard, tellKernel } from './change.ts';
import { describePartition } from './describe.ts';
import type { Disk } from './disk.ts';
import { storedFor } from './flags.ts';
import type { Place, Wanted } from './place.ts';
import { unchangeable, unfitting } from './refuse.ts';
import type { Partition, Table } from './table.ts';

interface Found {
  readonly disk: Disk;
  readonly table: Table;
  readonly there: Partition;
  /** Where the arguments want it. */
  readonly at: Place;
}

/** Partitions that hold others, of which the kernel knows only the first KiB. */
const extended = ['5', 'f', '85'];

/**
 * What a partition that is there comes to: its bounds are compared and never changed, name and
 * flags are set.
 */
export function decideExisting(args: Wanted, found: Found, result: Readonly<Record<string, unknown>>): Decision {
  const { device, kernel } = found.disk;
  const { table, there } = found;
  const { sector } = found.at.room;
  const { name, flags } = args;
  const moved = otherBounds(args, found);
  if (moved) return moved;
  const stored = flags && storedFor(table.label, flags, there);
  if (typeof stored === 'string') return unfitting(stored);
  if (name !== undefined && table.label === 'dos') return unfitting('an msdos label has no names');
  const live = kernel.partitions.find(partition => partition.number === there.number);
  const known = live && { start: (live.start * 512) / sector, end: ((live.start + live.size) * 512) / sector };
  if (known && !extended.includes(there.type) && (known.start !== there.start || known.end !== there.end)) {
    return refuse(
      `the kernel knows ${live.node} from ${formatSize(known.start * sector)} to ` +
        `${formatSize(known.end * sector)}, and the table of ${describeDevice(device)} says ` +
        'otherwise',
      'Somebody changed the table while it was in use: partprobe, or a reboot, makes the kernel read it again.',
    );
  }
  const otherName = name !== undefined && name !== there.name;
  const otherFlags = stored && setStored(args.device, there, stored);
  if (!otherName && !otherFlags && live) return ok('is there', { result });
  const defect = (otherName || otherFlags) && unchangeable(device, table);
  if (defect) return defect;
  const after = { ...there, ...(otherName && { name }), ...stored };
  const reasons = [
    otherName && 'has another name',
    otherFlags && 'has other flags',
    !live && 'the kernel does not know it',
  ];
  const before = describePartition(table.label, there, sector);
  return change(reasons.filter(Boolean).join(', '), {
    diff: [
      {
        subject: `partition table of ${describeDevice(device)}`,
        before: live ? before : before.replace('\n', ' (not known to the kernel)\n'),
        after: describePartition(table.label, after, sector),
      },
    ],
    guard: tableGuard(device, table),
    apply: script({
      ...((otherName || otherFlags) && { keep: keepTable(args.device) }),
      ...(otherName && { name: setName(args.device, there.number, name) }),
      ...(otherFlags && { flags: otherFlags }),
      tell: tellKernel(args.device, there.number),
    }),
    ...(!live && { creates: partitionPaths(device, there.number) }),
    alters: [{ kind: 'path', name: args.device }],
    verify: { within: 10 },
  });
}

/** Differences smaller than the alignment are none: other tools align otherwise. */
function otherBounds({ number, part_start, part_end }: Wanted, { disk, there, at }: Found): Refuse | undefined {
  const text = (sectors: number) => formatSize(sectors * at.room.sector);
  const wrong = [
    part_start !== undefined && !near(there.start, at.range.start, at.grain)
      ? `starts at ${text(there.start)}, not at ${text(at.range.start)}`
      : undefined,
    part_end !== undefined && !near(there.end, at.range.end, at.grain)
      ? `ends at ${text(there.end)}, not at ${text(at.range.end)}`
      : undefined,
  ].filter(one => one !== undefined);
  if (wrong.length === 0) return undefined;
  return refuse(
    `partition ${number} of ${describeDevice(disk.device)} ${wrong.join(', and ')}`,
    'Correct part_start and part_end. A partition that is there is never moved, grown or made smaller.',
  );
}

function near(one: number, other: number, grain: number): boolean {
  return grain === 1 ? one === other : Math.abs(one - other) < grain;
}
