import type { ArgumentProblem, Owned } from '../../callable.ts';
import { groupMissing, volumesOf } from '../../host/lvm/volume.ts';
import { defineModule } from '../module.ts';
import { createPool } from './create-pool.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { settlePool } from './settle-pool.ts';

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
  look: ({ vg }) => volumesOf(vg),
  decide(args, { group, unusable, volumes }) {
    if (unusable) return unusable;
    if (!group) return groupMissing(args.vg);
    const row = volumes.find(volume => volume.lv_name === args.pool);
    return row ? settlePool(args, group, row) : createPool(args, group);
  },
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
