import { type Decision, ok, type Refuse } from '../../decision.ts';
import { noDevice } from '../../host/device/arguments.ts';
import { decideAbsent } from './absent.ts';
import { create, newTable } from './create.ts';
import { diskResult } from './describe.ts';
import type { Disk } from './disk.ts';
import { decideExisting } from './existing.ts';
import { place } from './place.ts';
import { unchangeable } from './refuse.ts';
import type { Args } from './schema.ts';
import type { Table } from './table.ts';

/** What a partition comes to, from the table and from what the kernel knows. */
export function decideParted(args: Args, disk: Disk | Refuse | undefined): Decision {
  if (!disk) return noDevice(args.device);
  if ('kind' in disk) return disk;
  const { device, table } = disk;
  const { number } = args;
  const result = diskResult(args.unit, disk);
  if (args.state === 'info' || number === undefined)
    return ok(table ? `has ${table.label === 'dos' ? 'an msdos' : 'a gpt'} label` : 'has no label', { result });
  const wanted = { ...args, number };
  if (args.state === 'absent') return decideAbsent(wanted, disk, result);
  const label = args.label ?? (table ? labelOf(table) : 'gpt');
  if (!table || labelOf(table) !== label) return newTable(wanted, disk);
  const at = place(args, disk, table.label);
  const there = table.partitions.find(partition => partition.number === number);
  if (there) return decideExisting(wanted, { disk, table, there, at }, result);
  return unchangeable(device, table) ?? create(wanted, { ...disk, table }, at);
}

/** The name that parted gives to a label. */
function labelOf(table: Table): 'gpt' | 'msdos' {
  return table.label === 'dos' ? 'msdos' : 'gpt';
}
