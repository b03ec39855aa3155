import { ask, type Look, map } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';

const slice = '/sys/fs/cgroup/machine.slice/cpuset.cpus.effective';

/** The list of CPUs that machines may use, as the kernel prints it; '' where none is set. */
export const machineCpus: Look<string> = map(
  ask('cat', sh`[ -e ${slice} ] || exit 3; cat ${slice}`, [0, 3]),
  ({ code, stdout }) => (code === 3 ? '' : stdout),
);
