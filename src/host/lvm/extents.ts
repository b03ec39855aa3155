import { formatSize } from '../size.ts';

/** Extents that hold so many bytes: LVM rounds up. */
export function extentsFor(bytes: number, extentSize: number): number {
  return Math.ceil(bytes / extentSize);
}

/** `400 extents (100 GiB)`. */
export function formatExtents(extents: number, extentSize: number): string {
  return `${extents} extents (${formatSize(extents * extentSize)})`;
}
