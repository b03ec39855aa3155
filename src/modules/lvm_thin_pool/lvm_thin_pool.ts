import type { ArgumentProblem, Owned } from '../../callable.ts';
import { change, type Decision, ok } from '../../decision.ts';
import { extentsFor } from '../../host/lvm/extents.ts';
import { numberOf, quiet } from '../../host/lvm/report.ts';
import { groupMissing, readVolumes, type Volumes, volumeSections } from '../../host/lvm/volume.ts';
import { formatSize } from '../../host/size.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { createPool, describePool, poolOf, poolUnfit } from './pool.ts';
import { type Args, args, examples, returns } from './schema.ts';

/** Thin pools. */
export const lvmThinPool = defineModule({
  name: 'lvm_thin_pool',
  summary: 'A thin pool, with its chunk size, zeroing, discards and behaviour when full.',
  description: `Owns the pool's existence, its size (grown with \`grow: true\`, never shrunk) and
those of its attributes that are given. The chunk size is settled at creation: another one is
refused. A new pool zeroes its chunks, passes discards down and errors when full unless told
otherwise. In a group of 256 MiB extents the metadata and its spare take at least one extent each,
in addition to the size.`,
  args,
  returns,
  examples,
  problems,
  owns,
  probe: args => script(volumeSections(args.vg)),
  read: (answer, args) => readVolumes(answer, args.vg),
  decide,
});

function problems(args: Args): readonly ArgumentProblem[] {
  const problems: ArgumentProblem[] = [];
  const chunk = args.chunk_size;
  if (chunk !== undefined && (chunk < 2 ** 16 || chunk > 2 ** 30 || chunk % 2 ** 16 !== 0)) {
    problems.push({ argument: 'chunk_size', message: 'must be a multiple of 64K, from 64K to 1G' });
  }
  if (args.zero === false && !args.single_tenant) {
    problems.push({
      argument: 'zero',
      message:
        "without zeroing a new volume can read another tenant's old data; say single_tenant: true if there is only one",
    });
  }
  const metadata = args.metadata_size;
  if (metadata !== undefined && (metadata < 2 ** 21 || metadata > 2 ** 34)) {
    problems.push({ argument: 'metadata_size', message: 'must be between 2M and 16G' });
  }
  return problems;
}

function owns(args: Args): readonly Owned[] {
  const subject = `logical volume ${args.vg}/${args.pool}`;
  const { chunk_size, zero, discards, errorwhenfull } = args;
  const given = { size: args.size, chunk_size, zero, discards, errorwhenfull };
  return Object.entries(given).flatMap(([attribute, value]) =>
    value === undefined ? [] : [{ subject, attribute, value: String(value) }],
  );
}

function decide(args: Args, state: Volumes): Decision<Volumes> {
  if (state.unusable) return state.unusable;
  if (!state.group) return groupMissing(args.vg);
  const extentSize = numberOf(state.group, 'vg_extent_size');
  const wanted = extentsFor(args.size, extentSize);
  const row = state.volumes.find(volume => volume.lv_name === args.pool);
  if (!row) return createPool(args, state.group, wanted, extentSize);
  const pool = poolOf(row);
  const refusal = poolUnfit(args, row, pool, wanted * extentSize, numberOf(state.group, 'vg_free_count') * extentSize);
  if (refusal) return refusal;
  const name = `${args.vg}/${args.pool}`;
  const grows = wanted * extentSize > pool.size;
  const after = {
    ...pool,
    size: Math.max(pool.size, wanted * extentSize),
    zero: args.zero ?? pool.zero,
    discards: args.discards ?? pool.discards,
    errorwhenfull: args.errorwhenfull ?? pool.errorwhenfull,
  };
  const known = { size: after.size, chunk_size: pool.chunkSize };
  const use = { data_percent: Number(row.data_percent || 0), metadata_percent: Number(row.metadata_percent || 0) };
  const [before, then] = [describePool(pool), describePool(after)];
  if (before === then) return ok('is as it should be', { result: { ...known, ...use } });
  return change(grows ? `has ${formatSize(pool.size)}` : 'attributes differ', {
    diff: [{ subject: `thin pool ${name}`, before, after: then }],
    apply: script({
      ...(grows ? { lvextend: sh`${quiet} lvextend -l ${wanted} ${name}` } : {}),
      ...(after.zero === pool.zero ? {} : { zero: sh`${quiet} lvchange -Z${after.zero ? 'y' : 'n'} ${name}` }),
      ...(after.discards === pool.discards
        ? {}
        : { discards: sh`${quiet} lvchange --discards ${after.discards} ${name}` }),
      ...(after.errorwhenfull === pool.errorwhenfull
        ? {}
        : { full: sh`${quiet} lvchange --errorwhenfull ${after.errorwhenfull ? 'y' : 'n'} ${name}` }),
    }),
    alters: [{ kind: 'logical-volume', name }],
    result: { ...known, ...use },
  });
}
