import { CannotTell } from '../../shell/answer.ts';
import { numberOf, type Row } from './report.ts';

/** Read-ahead of a volume: `none`, `auto` (the kernel's own) or sectors of 512 bytes. */
export type ReadAhead = 'none' | 'auto' | number;

/** What is stored in LVM's metadata. */
export function storedReadAhead(row: Row): ReadAhead {
  if (row.lv_read_ahead === 'auto') return 'auto';
  return numberOf(row, 'lv_read_ahead') === 0 ? 'none' : numberOf(row, 'lv_read_ahead') / 512;
}

/**
 * What the kernel uses now: sectors, or undefined for a volume that is not active. It leaves the
 * stored value when something such as tuned writes to the block queue.
 */
export function liveReadAhead(row: Row): number | undefined {
  const bytes = Number(row.lv_kernel_read_ahead);
  if (row.lv_kernel_read_ahead === undefined || Number.isNaN(bytes)) {
    throw new CannotTell(`LVM printed no kernel read-ahead for ${row.lv_name}`);
  }
  return bytes < 0 || row.lv_active !== 'active' ? undefined : bytes / 512;
}

/**
 * Sectors that the kernel must show for a stored value; undefined for `auto`, where the kernel
 * decides.
 */
export function expectedLive(readAhead: ReadAhead): number | undefined {
  if (readAhead === 'auto') return undefined;
  return readAhead === 'none' ? 0 : readAhead;
}
