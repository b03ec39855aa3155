import { type Change, change, type Decision, refuse } from '../../decision.ts';
import { claimWhole, wipeHazards } from '../../host/device/arguments.ts';
import { deviceGuard } from '../../host/lvm/device.ts';
import { describeDevice } from '../../host/lvm/device-claim.ts';
import { wipe } from '../../host/lvm/wipe.ts';
import { script } from '../../shell/script.ts';
import { addPartition, keepTable, partitionPaths, setName, tableGuard, tellKernel } from './change.ts';
import { describeLine } from './describe.ts';
import type { Disk } from './disk.ts';
import { storedFor } from './flags.ts';
import { misfit, type Place, place, type Wanted } from './place.ts';
import { unfitting } from './refuse.ts';
import type { Table } from './table.ts';

/** A new table with the partition in it, on a disk that is empty or may be wiped. */
export function newTable(args: Wanted, disk: Disk): Decision {
  const { device } = disk;
  const claim = claimWhole(device, args.allow_wipe?.[args.device] ?? []);
  if (claim.kind === 'refuse') return claim;
  const label = args.label === 'msdos' ? 'dos' : 'gpt';
  const at = place(args, { ...disk, table: undefined }, label);
  const stored = storedFor(label, args.flags ?? []);
  if (typeof stored === 'string') return unfitting(stored);
  const refusal = misfit(args, at, { label, partitions: [] });
  if (refusal) return refusal;
  const wipes = claim.wipe.length > 0;
  const wanted = { number: args.number, ...at.range, ...stored };
  return change(wipes ? `has ${claim.wipe.join(', ')} on it` : 'has no partition table', {
    ...common(args, disk),
    diff: [
      {
        subject: `partition table of ${describeDevice(device)}`,
        before: claim.wipe.map(type => `${type}\n`).join(''),
        after: `label ${args.label ?? 'gpt'}\n${describe(args, at)}`,
      },
    ],
    guard: script({ guard: deviceGuard(device) }),
    apply: script({
      ...(wipes && { wipe: wipe(device, claim.wipe) }),
      add: addPartition(args.device, wanted, label),
      ...(args.name !== undefined && { name: setName(args.device, args.number, args.name) }),
      tell: tellKernel(args.device, args.number),
    }),
    hazards: wipeHazards(device, claim.wipe),
  });
}

/** Adds the partition to the table that is there. */
export function create(args: Wanted, disk: Disk & { readonly table: Table }, at: Place): Decision {
  const { device, table, kernel } = disk;
  const { number, name } = args;
  const stored = storedFor(table.label, args.flags ?? []);
  if (typeof stored === 'string') return unfitting(stored);
  const refusal = misfit(args, at, table);
  if (refusal) return refusal;
  const stale = kernel.partitions.find(partition => partition.number === number);
  if (stale) {
    return refuse(
      `the kernel still knows a partition ${stale.node}, which is not in the table of ${describeDevice(device)}`,
      `If it is not in use: partx -d --nr ${number} ${device.real}.`,
    );
  }
  return change('is not there', {
    ...common(args, disk),
    diff: [{ subject: `partition table of ${describeDevice(device)}`, before: '', after: describe(args, at) }],
    guard: tableGuard(device, table),
    apply: script({
      keep: keepTable(args.device),
      add: addPartition(args.device, { number, ...at.range, ...stored }),
      ...(name !== undefined && { name: setName(args.device, number, name) }),
      tell: tellKernel(args.device, number),
    }),
  });
}

function describe({ number, name, flags = [] }: Wanted, { range, room }: Place): string {
  return describeLine({ number, name, ...range }, flags, room.sector);
}

function common(args: Wanted, { device }: Disk): Pick<Change, 'creates' | 'alters' | 'verify'> {
  return {
    creates: partitionPaths(device, args.number),
    alters: [{ kind: 'path', name: args.device }],
    verify: { within: 10 },
  };
}
