import { change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { claimWhole, noDevice, wipeHazards } from '../../host/device/arguments.ts';
import { type Device, deviceGuard } from '../../host/lvm/device.ts';
import { describeDevice } from '../../host/lvm/device-claim.ts';
import { wipe } from '../../host/lvm/wipe.ts';
import { formatSize } from '../../host/size.ts';
import { inOrder, script } from '../../shell/script.ts';
import { addPartition, keepTable, partitionPaths, removePartition, setName, tableGuard, tellKernel } from './change.ts';
import { describePartition, describeWanted, diskResult } from './describe.ts';
import { decideExisting } from './existing.ts';
import { storedFor } from './flags.ts';
import { type Disk, type Range, rangeOf } from './position.ts';
import { inUse, unchangeable, unfitting, usedBy } from './refuse.ts';
import type { Args } from './schema.ts';
import type { PartedState } from './state.ts';
import type { Table } from './table.ts';

/** What a partition comes to, from the table and from what the kernel knows. */
export function decideParted(args: Args, state: PartedState): Decision<PartedState> {
  const { device, table } = state;
  if (!device) return noDevice(args.device);
  if (state.unfit) return state.unfit;
  const result = diskResult(args, device, state);
  if (args.state === 'info')
    return ok(table ? `has ${table.label === 'dos' ? 'an msdos' : 'a gpt'} label` : 'has no label', { result });
  if (args.state === 'absent') return absent(args, state, device, result);
  const wanted = args.label ?? (table ? labelOf(table) : 'gpt');
  if (!table || labelOf(table) !== wanted) return newTable(args, state, device);
  const { disk, grain, range } = place(args, state, device, table.label);
  const there = table.partitions.find(partition => partition.number === args.number);
  if (there) return decideExisting(args, state, device, { table, there, range, grain, sector: disk.sector, result });
  return unchangeable(device, table) ?? create(args, state, device, table, disk, range);
}

/** The name that parted gives to a label. */
function labelOf(table: Table): 'gpt' | 'msdos' {
  return table.label === 'dos' ? 'msdos' : 'gpt';
}

/** The disk in sectors, and the range that the arguments ask for. */
function place(args: Args, { kernel, table }: PartedState, device: Device, label: Table['label']) {
  const sector = kernel.logical;
  const sectors = device.size / sector;
  const gptLast = sectors - 2 - Math.ceil(16384 / sector);
  const same = table?.label === label ? table : undefined;
  const disk: Disk = {
    sectors,
    sector,
    first: same?.first ?? (label === 'gpt' ? gptFirst(sector) : 1),
    last: same?.last ?? (label === 'gpt' ? gptLast : Math.min(sectors, 2 ** 32) - 1),
  };
  const grain = { optimal: 2 ** 20 / sector, minimal: kernel.physical / sector, none: 1 }[args.align];
  const range = rangeOf(args.part_start ?? '0%', args.part_end ?? '100%', args.unit, disk, Math.max(grain, 1));
  return { disk, grain: Math.max(grain, 1), range };
}

/** sfdisk keeps the first MiB of a new table free. */
function gptFirst(sector: number): number {
  return 2 ** 20 / sector;
}

function newTable(args: Args, state: PartedState, device: Device): Decision<PartedState> {
  const claim = claimWhole(device, args.allow_wipe?.[args.device] ?? []);
  if (claim.kind === 'refuse') return claim;
  const label = args.label === 'msdos' ? 'dos' : 'gpt';
  const { disk, range } = place(args, { ...state, table: undefined }, device, label);
  const stored = storedFor(label, args.flags ?? []);
  if (typeof stored === 'string') return unfitting(stored);
  const refusal = misfit(args, label, range, disk, undefined);
  if (refusal) return refusal;
  const number = args.number!;
  const { name } = args;
  return change(claim.wipe.length > 0 ? `has ${claim.wipe.join(', ')} on it` : 'has no partition table', {
    diff: [
      {
        subject: `partition table of ${describeDevice(device)}`,
        before: claim.wipe.map(type => `${type}\n`).join(''),
        after: `label ${args.label ?? 'gpt'}\n${describeWanted(args, range, disk.sector)}`,
      },
    ],
    guard: script({ guard: deviceGuard(device) }),
    apply: script({
      ...(claim.wipe.length > 0 && { wipe: wipe(device, claim.wipe) }),
      add: addPartition(args.device, number, range, stored, label),
      ...(name !== undefined && { name: setName(args.device, number, name) }),
      tell: tellKernel(args.device, number),
    }),
    hazards: wipeHazards(device, claim.wipe),
    creates: partitionPaths(device, number),
    alters: [{ kind: 'path', name: args.device }],
    verify: { within: 10 },
  });
}

function create(
  args: Args,
  { kernel }: PartedState,
  device: Device,
  table: Table,
  disk: Disk,
  range: Range,
): Decision<PartedState> {
  const number = args.number!;
  const stored = storedFor(table.label, args.flags ?? []);
  if (typeof stored === 'string') return unfitting(stored);
  const refusal = misfit(args, table.label, range, disk, table);
  if (refusal) return refusal;
  const stale = kernel.partitions.find(partition => partition.number === number);
  if (stale) {
    return refuse(
      `the kernel still knows a partition ${stale.node}, which is not in the table of ${describeDevice(device)}`,
      `If it is not in use: partx -d --nr ${number} ${device.real}.`,
    );
  }
  const { name } = args;
  return change('is not there', {
    diff: [
      {
        subject: `partition table of ${describeDevice(device)}`,
        before: '',
        after: describeWanted(args, range, disk.sector),
      },
    ],
    guard: tableGuard(device, table),
    apply: script({
      keep: keepTable(args.device),
      add: addPartition(args.device, number, range, stored),
      ...(name !== undefined && { name: setName(args.device, number, name) }),
      tell: tellKernel(args.device, number),
    }),
    creates: partitionPaths(device, number),
    alters: [{ kind: 'path', name: args.device }],
    verify: { within: 10 },
  });
}

function absent(
  args: Args,
  { table, kernel }: PartedState,
  device: Device,
  result: Readonly<Record<string, unknown>>,
): Decision<PartedState> {
  const number = args.number!;
  const there = table?.partitions.find(partition => partition.number === number);
  const live = kernel.partitions.find(partition => partition.number === number);
  if (!there && !live) return ok('is not there', { result });
  const use = live && (live.use ?? usedBy(device, live.node));
  if (live && use !== undefined) return inUse(live.node, use);
  const defect = there && unchangeable(device, table!);
  if (defect) return defect;
  const shown = there
    ? describePartition(table!.label, there, kernel.logical)
    : `${live!.node}, known to the kernel alone\n`;
  const because = `partition ${number} of ${describeDevice(device)} is removed: ${shown.trim()}`;
  return change(there ? 'is there' : 'is not in the table, and the kernel knows it still', {
    diff: [{ subject: `partition table of ${describeDevice(device)}`, before: shown, after: '' }],
    guard: tableGuard(device, table),
    apply: inOrder(
      there && script({ keep: keepTable(args.device) }),
      removePartition(args.device, number, { kernel: live !== undefined, table: there !== undefined }),
    ),
    hazards: there ? [{ hazard: 'data-loss', subject: partitionPaths(device, number)[0]!.name, because }] : [],
    removes: partitionPaths(device, number),
    alters: [{ kind: 'path', name: args.device }],
    verify: { within: 10 },
  });
}

/** Why the range does not fit, or the number cannot be had. */
function misfit(
  { number, name }: Args,
  label: Table['label'],
  range: Range,
  disk: Disk,
  table: Table | undefined,
): Refuse | undefined {
  if (label === 'dos' && number! > 4)
    return unfitting('an msdos label has only the partitions 1 to 4 (logical ones are not made)');
  if (label === 'dos' && name !== undefined) return unfitting('an msdos label has no names');
  if (range.start < disk.first || range.end > disk.last + 1) {
    const size = formatSize(disk.sectors * disk.sector);
    return unfitting(`the partition would reach beyond the disk, which has ${size}`);
  }
  if (range.end <= range.start) return unfitting('part_start and part_end leave no room for a partition');
  const other = table?.partitions.find(({ start, end }) => start < range.end && range.start < end);
  if (!other) return undefined;
  const text = (at: number) => formatSize(at * disk.sector);
  return refuse(
    `partition ${number} from ${text(range.start)} to ${text(range.end)} would overlap ` +
      `partition ${other.number}, which lies from ${text(other.start)} to ${text(other.end)}`,
    'Say part_start and part_end so that it lies in free space (state: info shows what is there).',
  );
}
