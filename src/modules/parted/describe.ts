import { formatSize } from '../../host/size.ts';
import type { Disk } from './disk.ts';
import { flagsOf } from './flags.ts';
import { inUnit, type Unit } from './position.ts';
import type { Partition, Table } from './table.ts';

/** What a line says of a partition. */
type Line = Pick<Partition, 'number' | 'start' | 'end'> & { readonly name?: string | undefined };

/** A partition as a line: `2: 1 MiB to 10 GiB (10239 MiB), boot, "data"`. */
export function describePartition(label: Table['label'], partition: Partition, sector: number): string {
  return describeLine(partition, flagsOf(label, partition), sector);
}

/** The partition that is asked for, as the same line. */
export function describeLine(
  { number, start, end, name = '' }: Line,
  flags: readonly string[],
  sector: number,
): string {
  const text = (sectors: number) => formatSize(sectors * sector);
  const parts = [`${text(start)} to ${text(end)} (${text(end - start)})`, ...flags];
  return `${number}: ${parts.join(', ')}${name === '' ? '' : `, ${JSON.stringify(name)}`}\n`;
}

/** The module's result: the disk and its partitions, in the unit that was asked for. */
export function diskResult(unit: Unit, { device, table, kernel }: Disk): Readonly<Record<string, unknown>> {
  const sector = kernel.logical;
  const shown = (sectors: number) => inUnit(sectors, unit, sector);
  const shownIn = (label: Table['label']) => (partition: Partition) => ({
    num: partition.number,
    begin: shown(partition.start),
    end: shown(unit === 's' ? partition.end - 1 : partition.end),
    size: shown(partition.end - partition.start),
    unit,
    name: partition.name,
    flags: flagsOf(label, partition),
  });
  return {
    disk: {
      dev: device.path,
      size: shown(device.size / sector),
      unit,
      table: table === undefined ? 'unknown' : table.label === 'dos' ? 'msdos' : 'gpt',
      logical_block: kernel.logical,
      physical_block: kernel.physical,
    },
    partitions: table ? table.partitions.map(shownIn(table.label)) : [],
  };
}
