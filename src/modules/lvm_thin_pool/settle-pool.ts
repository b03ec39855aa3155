import { change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { extentsFor } from '../../host/lvm/extents.ts';
import { numberOf, quiet, type Row } from '../../host/lvm/report.ts';
import type { Volumes } from '../../host/lvm/volume.ts';
import { formatSize } from '../../host/size.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { describePool, poolOf } from './pool.ts';
import type { Args } from './schema.ts';

type Settled = ReturnType<typeof poolOf>;

interface Room {
  /** The size that is asked for, in bytes of whole extents. */
  readonly bytes: number;
  /** Bytes free in the group. */
  readonly free: number;
}

/** The decision for a volume of that name, which must be a pool. */
export function settlePool(args: Args, group: Row, row: Row): Decision<Volumes> {
  const name = `${args.vg}/${args.pool}`;
  const extentSize = numberOf(group, 'vg_extent_size');
  const wanted = extentsFor(args.size, extentSize);
  const bytes = wanted * extentSize;
  const pool = poolOf(row);
  if (row.segtype !== 'thin-pool') {
    return refuse(
      `logical volume ${name} is there and no thin pool (${row.segtype})`,
      'Choose another name for the pool.',
    );
  }
  const refusal = poolUnfit(args, pool, { bytes, free: numberOf(group, 'vg_free_count') * extentSize });
  if (refusal) return refusal;
  const after = {
    ...pool,
    size: Math.max(pool.size, bytes),
    zero: args.zero ?? pool.zero,
    discards: args.discards ?? pool.discards,
    errorwhenfull: args.errorwhenfull ?? pool.errorwhenfull,
  };
  const result = {
    size: after.size,
    chunk_size: pool.chunkSize,
    data_percent: Number(row.data_percent || 0),
    metadata_percent: Number(row.metadata_percent || 0),
  };
  const diff = [{ subject: `thin pool ${name}`, before: describePool(pool), after: describePool(after) }] as const;
  if (diff[0].before === diff[0].after) return ok('is as it should be', { result });
  const grows = bytes > pool.size;
  const lvchange = sh`${quiet} lvchange`;
  return change(grows ? `has ${formatSize(pool.size)}` : 'attributes differ', {
    diff,
    apply: script({
      ...(grows && { lvextend: sh`${quiet} lvextend -l ${wanted} ${name}` }),
      ...(after.zero !== pool.zero && { zero: sh`${lvchange} -Z${after.zero ? 'y' : 'n'} ${name}` }),
      ...(after.discards !== pool.discards && { discards: sh`${lvchange} --discards ${after.discards} ${name}` }),
      ...(after.errorwhenfull !== pool.errorwhenfull && {
        full: sh`${lvchange} --errorwhenfull ${after.errorwhenfull ? 'y' : 'n'} ${name}`,
      }),
    }),
    alters: [{ kind: 'logical-volume', name }],
    result,
  });
}

/** Why a pool that is there cannot become the one that is asked for. */
function poolUnfit(args: Args, pool: Settled, { bytes, free }: Room): Refuse | undefined {
  const name = `${args.vg}/${args.pool}`;
  const chunk = args.chunk_size ?? pool.chunkSize;
  if (chunk !== pool.chunkSize) {
    return refuse(
      `thin pool ${name} has chunks of ${formatSize(pool.chunkSize)}, not ${formatSize(chunk)}`,
      'The chunk size is settled at creation: set chunk_size to ' +
        `${formatSize(pool.chunkSize)}, or move the volumes to a new pool.`,
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
