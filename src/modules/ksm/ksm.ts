import { ok, storedAndLive } from '../../decision.ts';
import { formatSize } from '../../host/size.ts';
import { setKernelFile } from '../../host/sysfs/kernel-file.ts';
import { storedAtBoot, tmpfiles, tmpfilesTool } from '../../host/sysfs/tmpfiles.ts';
import { all } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { folder, merging, steeredByDaemon } from './merging.ts';
import { noKsm, refuseSteered, refuseUnmerge } from './refuse.ts';
import { args, examples, returns } from './schema.ts';

const runFile = `${folder}/run`;

/** Kernel same-page merging: pages of equal content are kept once. */
export const ksm = defineModule({
  name: 'ksm',
  summary: 'Owns whether the kernel merges equal pages of guests (KSM), now and at boot.',
  description:
    '`off` also takes merged pages apart, which needs memory: refused where the kernel has ' +
    'less available than they need. `on` starts the merging and leaves its pace alone. A ' +
    'line of tmpfiles.d sets it at boot. While ksmtuned runs, which sets it by itself, the ' +
    'task is refused.',
  args,
  returns,
  examples,
  owns: ({ state }) => [{ subject: 'sysfs', attribute: runFile, value: state }],
  look: ({ tmpfiles_file }) =>
    all({ tool: tmpfilesTool, live: merging, steered: steeredByDaemon, boot: tmpfiles(tmpfiles_file, runFile) }),
  decide({ state }, { live, steered, boot }) {
    const on = state === 'on';
    if (!live) return on ? noKsm : ok('the kernel has no KSM');
    if (steered) return refuseSteered;
    // At boot nothing is merged, so that stopping is enough: no page is taken apart without the
    // look at the memory.
    const stored = storedAtBoot(boot, { path: runFile, value: on ? '1' : '0' });
    if (stored.kind === 'refuse') return stored;
    const unmerge = !on && live.merged > 0;
    if (unmerge && live.available <= live.merged) return refuseUnmerge(live);
    const merged = on ? live.merged : 0;
    const [before, after] = [describe(live.runs, live.merged), describe(on, merged)];
    return storedAndLive('value', {
      stored,
      live:
        live.runs !== on || unmerge
          ? {
              ...setKernelFile(runFile, on ? '1' : '2', { subject: 'KSM (live)', before, after }),
              ...(unmerge && { guard: script({ memory: enoughMemory(live.merged) }) }),
            }
          : undefined,
      same: `the file and the kernel have it ${state}`,
      result: { merged },
    });
  },
});

/** Leaves with 75 if the memory has become too little. */
function enoughMemory(bytes: number) {
  return sh`[ "$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)" -gt ${Math.ceil(bytes / 1024)} ] || exit 75`;
}

function describe(runs: boolean, merged: number): string {
  return `${runs ? 'merges pages' : 'merges nothing'}, ${formatSize(merged)} saved`;
}
