import { type Refuse, refuse } from '../../decision.ts';
import { formatSize } from '../size.ts';

/** Extents that hold so many bytes: LVM rounds up. */
export function extentsFor(bytes: number, extentSize: number): number {
  return Math.ceil(bytes / extentSize);
}

/** `400 extents (100 GiB)`. */
export function formatExtents(extents: number, extentSize: number): string {
  return `${extents} extents (${formatSize(extents * extentSize)})`;
}

/** The refusal of a volume that does not fit: all numbers in extents. */
export function noSpace(group: string, wanted: number, free: number, extentSize: number): Refuse {
  return refuse(
    `volume group ${group} has ${formatExtents(free, extentSize)} free, and ` +
      `${formatExtents(wanted, extentSize)} are needed`,
    'Add a device with lvm_vg, or choose a smaller size; a part of the group may be taken by pool metadata.',
  );
}
