import { fioRuns } from '../../host/fio/command.ts';
import { quiet } from '../../host/lvm/report.ts';
import { join, type ShellText, sh } from '../../shell/quote.ts';
import { chunkMark } from './chunk-samples.ts';
import type { Args } from './schema.ts';

/** Its name and its tag say that it may be removed. */
const volume = 'hostwright_chunk_probe';

/**
 * Shell text that makes the volume, writes to it in requests of each size, and removes it whatever
 * happens.
 */
export function measureChunks({ candidates, ramp, runtime, samples, size, vg }: Args): ShellText {
  const name = `${vg}/${volume}`;
  const run = { paths: [`/dev/${name}`], size, direct: true, samples, runtime, ramp };
  const load = { rw: 'randwrite', iodepth: 1, numjobs: 1 } as const;
  return join([
    sh`remove() {
  [ "$(${quiet} lvs --noheadings -o lv_tags ${name} 2>/dev/null | tr -d ' ')" = ${volume} ] || return 0
  ${quiet} lvremove -q -y ${name} >/dev/null
}`,
    // What a run left that was killed.
    sh`remove`,
    sh`${quiet} lvcreate -q -y -Wy -Zy -n ${volume} --addtag ${volume} -L ${`${size}b`} ${vg} >/dev/null || exit 1`,
    sh`trap remove EXIT; trap 'exit 1' INT TERM HUP`,
    ...candidates.map(bs => join([sh`echo ${`${chunkMark} ${bs}`}`, fioRuns({ ...run, load: { ...load, bs } })])),
  ]);
}
