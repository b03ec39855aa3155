import { change, type Decision, type Refuse, refuse } from '../../decision.ts';
import { extentsFor, noSpace } from '../../host/lvm/extents.ts';
import { numberOf, quiet, type Row } from '../../host/lvm/report.ts';
import type { Volumes } from '../../host/lvm/volume.ts';
import { formatSize } from '../../host/size.ts';
import { CannotTell } from '../../shell/answer.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import type { Args } from './schema.ts';

/** A thin pool; sizes in bytes. `chunkSize` is undefined where LVM chooses it. */
interface Pool {
  readonly size: number;
  readonly chunkSize: number | undefined;
  readonly zero: boolean;
  readonly discards: string;
  readonly errorwhenfull: boolean;
}

/** The pool in a row of the report. */
export function poolOf(row: Row): Pool {
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

/** The decision for a pool that is not there. */
export function createPool(args: Args, group: Row, wanted: number, extentSize: number): Decision<Volumes> {
  const metadata = args.metadata_size === undefined ? 1 : extentsFor(args.metadata_size, extentSize);
  const needed = wanted + 2 * metadata;
  const free = numberOf(group, 'vg_free_count');
  if (free < needed) return noSpace(args.vg, needed, free, extentSize);
  const pool: Pool = {
    size: wanted * extentSize,
    chunkSize: args.chunk_size,
    zero: args.zero ?? true,
    discards: args.discards ?? 'passdown',
    errorwhenfull: args.errorwhenfull ?? true,
  };
  const name = `${args.vg}/${args.pool}`;
  const chunk = pool.chunkSize === undefined ? sh`` : sh` -c ${`${pool.chunkSize / 1024}k`}`;
  const space = args.metadata_size === undefined ? sh`` : sh` --poolmetadatasize ${`${args.metadata_size / 1024}k`}`;
  const policy = sh`-Z${pool.zero ? 'y' : 'n'} --discards ${pool.discards}`;
  return change('is not there', {
    diff: [{ subject: `thin pool ${name}`, before: '', after: describePool(pool) }],
    apply: script({
      // -y: the extents are free, see lvm_lv.
      lvcreate: sh`${quiet} lvcreate -y --type thin-pool${chunk} ${policy}${space} -l ${wanted} -n ${args.pool} ${args.vg}`,
      // A step of its own: lvcreate says that thin pools do not have the option, lvchange takes it.
      ...(pool.errorwhenfull ? { full: sh`${quiet} lvchange --errorwhenfull y ${name}` } : {}),
    }),
    creates: [{ kind: 'logical-volume', name }],
    result: { size: pool.size, ...(pool.chunkSize === undefined ? {} : { chunk_size: pool.chunkSize }) },
  });
}

/**
 * Why a volume that is there cannot become the pool that is asked for.
 * @param bytes the size that is asked for, in whole extents.
 * @param free bytes free in the group.
 */
export function poolUnfit(args: Args, row: Row, pool: Pool, bytes: number, free: number): Refuse | undefined {
  const name = `${args.vg}/${args.pool}`;
  if (row.segtype !== 'thin-pool') {
    return refuse(
      `logical volume ${name} is there and no thin pool (${row.segtype})`,
      'Choose another name for the pool.',
    );
  }
  const chunk = args.chunk_size ?? pool.chunkSize;
  if (chunk !== pool.chunkSize) {
    return refuse(
      `thin pool ${name} has chunks of ${formatSize(pool.chunkSize!)}, not ${formatSize(chunk!)}`,
      'The chunk size is settled at creation: set chunk_size to ' +
        `${formatSize(pool.chunkSize!)}, or move the volumes to a new pool.`,
    );
  }
  if (bytes < pool.size) {
    return refuse(
      `thin pool ${name} has ${formatSize(pool.size)}, more than ${formatSize(bytes)}; it is never shrunk`,
      `Set size to ${formatSize(pool.size)}.`,
    );
  }
  if (bytes > pool.size && !args.grow) {
    return refuse(
      `thin pool ${name} has ${formatSize(pool.size)}, less than ${formatSize(bytes)}`,
      'Set grow: true to extend it.',
    );
  }
  if (bytes - pool.size > free) {
    return refuse(`volume group ${args.vg} has only ${formatSize(free)} free for ${name}`, 'Add a device with lvm_vg.');
  }
  const ignore = [pool.discards, args.discards ?? pool.discards].filter(value => value === 'ignore').length;
  if (ignore === 1) {
    return refuse(
      `thin pool ${name} has discards=${pool.discards}, not ${args.discards}`,
      'LVM changes from or to ignore only while the pool is inactive: lvchange --discards ' +
        `${args.discards} ${name} after its guests are off.`,
    );
  }
  return undefined;
}

function flag(row: Row, field: string, yes: readonly string[], no: readonly string[]): boolean {
  const value = row[field] ?? '';
  if (yes.includes(value)) return true;
  if (no.includes(value)) return false;
  throw new CannotTell(`LVM printed ${field}=${value} for ${row.vg_name}/${row.lv_name}, which is not known`);
}
