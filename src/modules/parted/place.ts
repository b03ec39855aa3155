import { type Refuse, refuse } from '../../decision.ts';
import { formatSize } from '../../host/size.ts';
import type { Disk } from './disk.ts';
import { type Range, type Room, rangeOf } from './position.ts';
import { unfitting } from './refuse.ts';
import type { Args } from './schema.ts';
import type { Table } from './table.ts';

/** Arguments that are about one partition. */
export type Wanted = Args & { readonly number: number };

/** Where a partition is to lie. */
export interface Place {
  readonly room: Room;
  /** Sectors to whose multiples the bounds are moved. */
  readonly grain: number;
  readonly range: Range;
}

/** The range that the arguments ask for, on a disk with such a label. */
export function place(args: Args, { device, kernel, table }: Disk, label: Table['label']): Place {
  const sector = kernel.logical;
  const sectors = device.size / sector;
  // sfdisk keeps the first MiB of a new table free, and the table itself is there twice.
  const ends =
    label === 'gpt'
      ? { first: 2 ** 20 / sector, last: sectors - 2 - Math.ceil(16384 / sector) }
      : { first: 1, last: Math.min(sectors, 2 ** 32) - 1 };
  const same = table?.label === label ? table : undefined;
  const room = { sectors, sector, first: same?.first ?? ends.first, last: same?.last ?? ends.last };
  const grain = Math.max({ optimal: 2 ** 20 / sector, minimal: kernel.physical / sector, none: 1 }[args.align], 1);
  const positions = { from: args.part_start ?? '0%', to: args.part_end ?? '100%', unit: args.unit };
  return { room, grain, range: rangeOf(positions, room, grain) };
}

/** Why the range does not fit, or the number cannot be had. */
export function misfit(
  { number, name }: Wanted,
  { room, range }: Place,
  { label, partitions }: Pick<Table, 'label' | 'partitions'>,
): Refuse | undefined {
  if (label === 'dos' && number > 4)
    return unfitting('an msdos label has only the partitions 1 to 4 (logical ones are not made)');
  if (label === 'dos' && name !== undefined) return unfitting('an msdos label has no names');
  if (range.start < room.first || range.end > room.last + 1) {
    const size = formatSize(room.sectors * room.sector);
    return unfitting(`the partition would reach beyond the disk, which has ${size}`);
  }
  if (range.end <= range.start) return unfitting('part_start and part_end leave no room for a partition');
  const other = partitions.find(({ start, end }) => start < range.end && range.start < end);
  if (!other) return undefined;
  const text = (at: number) => formatSize(at * room.sector);
  return refuse(
    `partition ${number} from ${text(range.start)} to ${text(range.end)} would overlap ` +
      `partition ${other.number}, which lies from ${text(other.start)} to ${text(other.end)}`,
    'Say part_start and part_end so that it lies in free space (state: info shows what is there).',
  );
}
