import { numberOf, type Row } from '../../host/lvm/report.ts';
import { formatSize } from '../../host/size.ts';
import { CannotTell } from '../../shell/answer.ts';

/** A thin pool; sizes in bytes. `chunkSize` is undefined where LVM chooses it. */
export interface Pool {
  readonly size: number;
  readonly chunkSize: number | undefined;
  readonly zero: boolean;
  readonly discards: string;
  readonly errorwhenfull: boolean;
}

/** The pool in a row of the report; LVM has settled the size of its chunks. @throws CannotTell */
export function poolOf(row: Row): Pool & { readonly chunkSize: number } {
  return {
    size: numberOf(row, 'lv_size'),
    chunkSize: numberOf(row, 'chunk_size'),
    zero: flag(row, 'zero', ['zero', '1'], ['', '0', 'unknown']),
    discards: row.discards ?? '',
    errorwhenfull: flag(row, 'lv_when_full', ['error'], ['queue', '']),
  };
}

/** A pool as text, for diffs. */
export function describePool(pool: Pool): string {
  return [
    `size: ${formatSize(pool.size)}`,
    ...(pool.chunkSize === undefined ? [] : [`chunk size: ${formatSize(pool.chunkSize)}`]),
    `zero new chunks: ${pool.zero ? 'yes' : 'no'}`,
    `discards: ${pool.discards}`,
    `when full: ${pool.errorwhenfull ? 'error' : 'queue'}`,
    '',
  ].join('\n');
}

function flag(row: Row, field: string, yes: readonly string[], no: readonly string[]): boolean {
  const value = row[field] ?? '';
  if (yes.includes(value)) return true;
  if (no.includes(value)) return false;
  throw new CannotTell(`LVM printed ${field}=${value} for ${row.vg_name}/${row.lv_name}, which is not known`);
}
