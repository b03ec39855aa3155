import type { Device } from '../../host/lvm/device.ts';
import { formatSize } from '../../host/size.ts';
import { flagsOf } from './flags.ts';
import { inUnit, type Range } from './position.ts';
import type { Args } from './schema.ts';
import type { PartedState } from './state.ts';
import type { Partition, Table } from './table.ts';

/** A partition as a line: `2: 1 MiB to 10 GiB (10239 MiB), boot, "data"`. */
export function describePartition(label: Table['label'], partition: Partition, sector: number): string {
  const flags = flagsOf(label, partition);
  return line(partition.number, partition, sector, flags, partition.name);
}

/** The partition that the arguments ask for, as the same line. */
export function describeWanted(args: Args, range: Range, sector: number): string {
  return line(args.number!, range, sector, args.flags ?? [], args.name ?? '');
}

function line(number: number, { start, end }: Range, sector: number, flags: readonly string[], name: string): string {
  const text = (sectors: number) => formatSize(sectors * sector);
  const parts = [`${text(start)} to ${text(end)} (${text(end - start)})`, ...flags];
  return `${number}: ${parts.join(', ')}${name === '' ? '' : `, ${JSON.stringify(name)}`}\n`;
}

/** The module's result: the disk and its partitions, in the unit that was asked for. */
export function diskResult(
  { unit }: Args,
  device: Device,
  { table, kernel }: PartedState,
): Readonly<Record<string, unknown>> {
  const sector = kernel.logical;
  const shown = (sectors: number) => inUnit(sectors, unit, sector);
  return {
    disk: {
      dev: device.path,
      size: shown(device.size / sector),
      unit,
      table: table === undefined ? 'unknown' : table.label === 'dos' ? 'msdos' : 'gpt',
      logical_block: kernel.logical,
      physical_block: kernel.physical,
    },
    partitions: (table?.partitions ?? []).map(partition => ({
      num: partition.number,
      begin: shown(partition.start),
      end: shown(unit === 's' ? partition.end - 1 : partition.end),
      size: shown(partition.end - partition.start),
      unit,
      name: partition.name,
      flags: flagsOf(table!.label, partition),
    })),
  };
}
