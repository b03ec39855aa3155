import { type Refuse, refuse } from '../../decision.ts';
import { parseMountinfo } from '../../host/file/mounts.ts';
import { type Device, deviceSections, readDevice, usageSections } from '../../host/lvm/device.ts';
import { accept } from '../../shell/answer.ts';
import { type Look, look } from '../../shell/look.ts';
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
  const sections = {
    ...usageSections,
    ...deviceSections(path, 0),
    kernel: kernelCommand(path),
    table: tableCommand(path),
  };
  return look(sections, answer => {
    const device = readDevice(answer, path, 0);
    if (!device) return undefined;
    const unfit = unfitDisk(path, answer.kernel?.code);
    if (unfit) return unfit;
    const printed = (section: string, program: string) => accept(answer, section, [0], program).stdout;
    const table = readTable(accept(answer, 'table', [0, 1], 'sfdisk'));
    const kernel = printed('kernel', 'The look at /sys');
    const mounts = parseMountinfo(printed('mounts', 'cat'));
    const swaps = printed('swaps', 'cat')
      .split('\n')
      .map(line => line.replace(/\s.*/, ''));
    return { device, table, kernel: readKernel(kernel, { mounts, swaps }) };
  });
}

function unfitDisk(path: string, code: number | undefined): Refuse | undefined {
  if (code === 4) {
    return refuse(`${path} is a partition`, 'Name the disk, and the partition by number.');
  }
  if (code !== 5) return undefined;
  return refuse(
    `${path} is a device of device-mapper, whose partitions the kernel does not know`,
    'Use it as a whole (lvm_vg, filesystem), or make its partitions by hand with kpartx.',
  );
}
