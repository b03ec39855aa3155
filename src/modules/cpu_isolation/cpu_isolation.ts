import { ok } from '../../decision.ts';
import { formatCpuList, parseCpuList } from '../../host/cpu/cpu-list.ts';
import { defineModule } from '../module.ts';
import { isolationParameters } from './isolation.ts';
import { hostCpus } from './look.ts';
import { refuseBootCpu, refuseCpus, refuseOwner, refuseUnpinned } from './refuse.ts';
import { args, examples, returns } from './schema.ts';

/** Whether CPUs can be set apart for guests, and what that takes. Reads only. */
export const cpuIsolation = defineModule({
  name: 'cpu_isolation',
  summary: 'Whether CPUs can be set apart for guests, and what that takes.',
  description: `Reads only, and returns the CPUs that stay with the host and the parameters for
\`kernel_cmdline\`. Refuses CPUs that the host does not have or that are offline, a host without a
CPU of its own, \`nohz_full\` on CPU 0, and a second owner: CPUAffinity= of systemd, a tuned
profile that isolates CPUs, isolcpus next to cpuset.

With \`isolcpus\` the scheduler balances nothing on these CPUs, so that all threads which are not
pinned stay on one of them. Refused unless each vCPU of each guest, as it runs, is defined or is
saved, is pinned to one isolated CPU, or to others only.`,
  args,
  returns,
  examples,
  problems: ({ cpus, method, nohz_full }) => [
    ...(parseCpuList(cpus)?.length ? [] : [{ argument: 'cpus', message: 'name at least one CPU: 2-7' }]),
    ...(nohz_full && method !== 'isolcpus'
      ? [{ argument: 'nohz_full', message: 'needs method: isolcpus; the kernel takes it at boot only' }]
      : []),
  ],
  look: args => hostCpus(args),
  decide(args, seen) {
    const cpus = parseCpuList(args.cpus) ?? [];
    const housekeeping = seen.online.filter(cpu => !cpus.includes(cpu));
    const refused =
      refuseCpus(cpus, housekeeping, seen) ??
      (args.nohz_full && cpus.includes(0) ? refuseBootCpu : undefined) ??
      refuseOwner(args.method, seen) ??
      refuseUnpinned(cpus, seen);
    if (refused) return refused;
    const isolates = args.method === 'isolcpus';
    return ok(`CPUs ${formatCpuList(cpus)} for guests, ${formatCpuList(housekeeping)} for the host`, {
      result: {
        cpus: formatCpuList(cpus),
        housekeeping: formatCpuList(housekeeping),
        kernel_parameters: isolates ? isolationParameters(cpus, housekeeping, args.nohz_full) : [],
        kernel_absent: isolates && !args.nohz_full ? ['nohz_full'] : [],
      },
    });
  },
});
