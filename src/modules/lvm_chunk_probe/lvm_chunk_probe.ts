import type { ArgumentProblem } from '../../callable.ts';
import { change, type Decision, refuse } from '../../decision.ts';
import { fioRuns, guestsSection, limitOf } from '../../host/fio/command.ts';
import { disturbs } from '../../host/fio/disturbs.ts';
import { numberOf, quiet, type Row, readReport, reportCommand } from '../../host/lvm/report.ts';
import { formatSize } from '../../host/size.ts';
import { accept } from '../../shell/answer.ts';
import { join, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { chooseChunk, chunkMark, readChunks } from './chunk-samples.ts';
import { type Args, args, examples, returns } from './schema.ts';

interface State {
  readonly group: Row | undefined;
  readonly guests: number;
}

/** Its name and its tag say that it may be removed. */
const volume = 'hostwright_chunk_probe';

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
  probe: ({ vg }) =>
    script({
      fio: sh`fio --version`,
      ...guestsSection,
      vgs: reportCommand('vgs', ['vg_name', 'vg_extent_size', 'vg_free_count'], `vg_name="${vg}"`),
    }),
  read(answer): State {
    accept(answer, 'fio', [0], 'fio');
    return {
      group: readReport(answer, 'vgs', 'vgs')[0],
      guests: Number(accept(answer, 'guests', [0], 'grep').stdout),
    };
  },
  decide,
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

function decide(args: Args, { group, guests }: State): Decision<State> {
  const { vg, size: bytes } = args;
  if (!group)
    return refuse(`the volume group ${vg} does not exist`, 'vgs shows those that are there.', {
      needs: [{ kind: 'volume-group', name: vg }],
    });
  const free = numberOf(group, 'vg_free_count') * numberOf(group, 'vg_extent_size');
  if (free < bytes)
    return refuse(
      `${formatSize(bytes)} do not fit in ${vg}: ${formatSize(free)} are free`,
      'Give a smaller size, of a few times the cache of the disks.',
    );
  const path = `/dev/${vg}/${volume}`;
  const size = sh`-L ${`${bytes}b`}`;
  const load = { rw: 'randwrite' as const, iodepth: 1, numjobs: 1 };
  const common = {
    paths: [path],
    size: bytes,
    direct: true,
    samples: args.samples,
    runtime: args.runtime,
    ramp: args.ramp,
  };
  const measured = args.candidates.map(bs =>
    join([sh`echo ${`${chunkMark} ${bs}`}`, fioRuns({ ...common, load: { ...load, bs } })]),
  );
  return change('is measured', {
    diff: [
      {
        subject: `load on a temporary volume of ${vg}`,
        before: '',
        after: `randwrite in ${args.candidates.map(formatSize).join(', ')}\n`,
      },
    ],
    hazards: disturbs(`volume group ${vg}`, guests),
    apply: script(
      {
        probe: join([
          sh`remove() {
  [ "$(${quiet} lvs --noheadings -o lv_tags ${`${vg}/${volume}`} 2>/dev/null | tr -d ' ')" = ${volume} ] || return 0
  ${quiet} lvremove -q -y ${`${vg}/${volume}`} >/dev/null
}`,
          // What a run left that was killed.
          sh`remove`,
          sh`${quiet} lvcreate -q -y -Wy -Zy -n ${volume} --addtag ${volume} ${size} ${vg} >/dev/null || exit 1`,
          sh`trap remove EXIT; trap 'exit 1' INT TERM HUP`,
          ...measured,
        ]),
      },
      { limit: args.candidates.length * limitOf(args) },
    ),
    verify: 'none',
    report: applied => chooseChunk(readChunks(applied.probe?.stdout ?? '')),
  });
}
