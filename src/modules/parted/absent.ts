import { change, type Decision, ok } from '../../decision.ts';
import { describeDevice } from '../../host/lvm/device-claim.ts';
import { inOrder, script } from '../../shell/script.ts';
import { keepTable, partitionPaths, removePartition, tableGuard } from './change.ts';
import { describePartition } from './describe.ts';
import type { Disk } from './disk.ts';
import type { Wanted } from './place.ts';
import { inUse, unchangeable, usedBy } from './refuse.ts';

/** The partition is to be neither in the table nor known to the kernel. */
export function decideAbsent(
  args: Wanted,
  { device, table, kernel }: Disk,
  result: Readonly<Record<string, unknown>>,
): Decision {
  const { number } = args;
  const there = table?.partitions.find(partition => partition.number === number);
  const live = kernel.partitions.find(partition => partition.number === number);
  const use = live && (live.use ?? usedBy(device, live.node));
  if (live && use !== undefined) return inUse(live.node, use);
  const shown =
    table && there
      ? describePartition(table.label, there, kernel.logical)
      : live && `${live.node}, known to the kernel alone\n`;
  if (shown === undefined) return ok('is not there', { result });
  const defect = table && there && unchangeable(device, table);
  if (defect) return defect;
  const paths = partitionPaths(device, number);
  const because = `partition ${number} of ${describeDevice(device)} is removed: ${shown.trim()}`;
  return change(there ? 'is there' : 'is not in the table, and the kernel knows it still', {
    diff: [{ subject: `partition table of ${describeDevice(device)}`, before: shown, after: '' }],
    guard: tableGuard(device, table),
    apply: inOrder(
      there && script({ keep: keepTable(args.device) }),
      removePartition(args.device, number, { kernel: live !== undefined, table: there !== undefined }),
    ),
    hazards: there ? [{ hazard: 'data-loss', subject: paths[0].name, because }] : [],
    removes: paths,
    alters: [{ kind: 'path', name: args.device }],
    verify: { within: 10 },
  });
}
