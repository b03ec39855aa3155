import type { ArgumentProblem } from '../../callable.ts';
import { change, refuse } from '../../decision.ts';
import { guests, installed, limitOf } from '../../host/fio/command.ts';
import { disturbs } from '../../host/fio/disturbs.ts';
import { numberOf, report } from '../../host/lvm/report.ts';
import { formatSize } from '../../host/size.ts';
import { all } from '../../shell/look.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { chooseChunk, readChunks } from './chunk-samples.ts';
import { measureChunks } from './measure-chunks.ts';
import { type Args, args, examples, returns } from './schema.ts';

/** A measurement of chunk sizes for thin pools. */
export const lvmChunkProbe = defineModule({
  name: 'lvm_chunk_probe',
  summary: 'Which chunk size of a thin pool suits the disks of a volume group.',
  description: `Makes a temporary volume in the group, writes to it at random in requests of each
candidate size, one at a time, and removes it; no other volume is touched. Tells the mean and the
deviation for each size, and the smallest that reaches 95 % of the best bandwidth: larger chunks
cost more with every snapshot. A pool that is there is never changed by it, for the chunk size of a
pool is settled when it is made.

Guests that run on the host are slowed down, and falsify the figures: then it needs \`--allow
service-interruption\`. The task is \`changed\` each time.`,
  args,
  returns,
  examples,
  problems,
  look: ({ vg }) =>
    all({
      fio: installed,
      guests,
      vgs: report('vgs', ['vg_name', 'vg_extent_size', 'vg_free_count'], `vg_name="${vg}"`),
    }),
  decide(args, { guests, vgs: [group] }) {
    const { vg, size } = args;
    if (!group)
      return refuse(`the volume group ${vg} does not exist`, 'vgs shows those that are there.', {
        needs: [{ kind: 'volume-group', name: vg }],
      });
    const free = numberOf(group, 'vg_free_count') * numberOf(group, 'vg_extent_size');
    if (free < size)
      return refuse(
        `${formatSize(size)} do not fit in ${vg}: ${formatSize(free)} are free`,
        'Give a smaller size, of a few times the cache of the disks.',
      );
    const after = `randwrite in ${args.candidates.map(formatSize).join(', ')}\n`;
    return change('is measured', {
      diff: [{ subject: `load on a temporary volume of ${vg}`, before: '', after }],
      hazards: disturbs(`volume group ${vg}`, guests),
      apply: script({ probe: measureChunks(args) }, { limit: args.candidates.length * limitOf(args) }),
      verify: 'none',
      report: applied => chooseChunk(readChunks(applied.probe?.stdout ?? '')),
    });
  },
});

function problems({ candidates, size }: Args): readonly ArgumentProblem[] {
  const problems: ArgumentProblem[] = [];
  for (const bytes of candidates) {
    const chunk = formatSize(bytes);
    if (bytes % 65536 !== 0 || bytes === 0 || bytes > 2 ** 30)
      problems.push({ argument: 'candidates', message: `${chunk} is not a multiple of 64 KiB up to 1 GiB` });
    if (bytes > size) problems.push({ argument: 'size', message: `is less than the chunk of ${chunk}` });
  }
  return problems;
}
