import { change, type Decision } from '../../decision.ts';
import { extentsFor, noSpace } from '../../host/lvm/extents.ts';
import { numberOf, quiet, type Row } from '../../host/lvm/report.ts';
import type { Volumes } from '../../host/lvm/volume.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { describePool, type Pool } from './pool.ts';
import type { Args } from './schema.ts';

/** The decision for a pool that is not there. */
export function createPool(args: Args, group: Row): Decision<Volumes> {
  const extentSize = numberOf(group, 'vg_extent_size');
  const wanted = extentsFor(args.size, extentSize);
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
      lvcreate: sh`${quiet} lvcreate -y --type thin-pool${chunk} ${policy}${space} -l ${wanted} -n \
${args.pool} ${args.vg}`,
      // A step of its own: lvcreate says that thin pools do not have the option, lvchange takes it.
      ...(pool.errorwhenfull ? { full: sh`${quiet} lvchange --errorwhenfull y ${name}` } : {}),
    }),
    creates: [{ kind: 'logical-volume', name }],
    result: { size: pool.size, ...(pool.chunkSize !== undefined && { chunk_size: pool.chunkSize }) },
  });
}
