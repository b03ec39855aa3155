import { type Refuse, refuse } from '../../decision.ts';
import { parseMountinfo } from '../../host/file/mounts.ts';
import { type Device, deviceAt, inUse, usage } from '../../host/lvm/device.ts';
import { all, ask, type Look, later, map } from '../../shell/look.ts';
import { type Kernel, kernelCommand, readKernel } from './kernel.ts';
import { readTable, type Table, tableCommand } from './table.ts';

/** A disk that may have partitions, as it is seen. */
export interface Disk {
  readonly device: Device;
  /** Undefined where there is none. */
  readonly table: Table | undefined;
  readonly kernel: Kernel;
}

/**
 * The disk at a path: why a device such as this has no partitions of ours, or undefined where
 * nothing is there.
 */
export function disk(path: string): Look<Disk | Refuse | undefined> {
  const looks = all({
    usage: later(usage),
    device: deviceAt(path),
    kernel: later(ask('The look at /sys', kernelCommand(path), [0, 4, 5])),
    table: later(ask('sfdisk', tableCommand(path), [0, 1])),
  });
  return map(looks, ({ device, ...rest }) => {
    if (!device) return undefined;
    const kernel = rest.kernel();
    const unfit = unfitDisk(path, kernel.code);
    if (unfit) return unfit;
    const used = rest.usage();
    const mounts = parseMountinfo(used.mounts);
    const swaps = used.swaps.split('\n').map(line => line.replace(/\s.*/, ''));
    return {
      device: inUse(device, used),
      table: readTable(rest.table()),
      kernel: readKernel(kernel.stdout, { mounts, swaps }),
    };
  });
}

function unfitDisk(path: string, code: number): Refuse | undefined {
  if (code === 4) {
    return refuse(`${path} is a partition`, 'Name the disk, and the partition by number.');
  }
  if (code !== 5) return undefined;
  return refuse(
    `${path} is a device of device-mapper, whose partitions the kernel does not know`,
    'Use it as a whole (lvm_vg, filesystem), or make its partitions by hand with kpartx.',
  );
}
