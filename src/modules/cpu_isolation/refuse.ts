import { type Refuse, refuse } from '../../decision.ts';
import { pick } from '../../host/boot/tokens.ts';
import { formatCpuList } from '../../host/cpu/cpu-list.ts';
import { unpinnedVcpus } from './isolation.ts';
import type { HostCpus } from './look.ts';
import type { Args } from './schema.ts';

/** The host has no such CPUs, they are offline, or none is left for the host itself. */
export function refuseCpus(
  cpus: readonly number[],
  housekeeping: readonly number[],
  { present, online }: HostCpus,
): Refuse | undefined {
  const missing = cpus.filter(cpu => !present.includes(cpu));
  if (missing.length > 0) {
    return refuse(
      `the host has no CPU ${formatCpuList(missing)}: it has ${formatCpuList(present)}`,
      'Correct the list: lscpu -e.',
    );
  }
  const offline = cpus.filter(cpu => !online.includes(cpu));
  if (offline.length > 0) {
    return refuse(
      `CPU ${formatCpuList(offline)} is offline: guests could not start there`,
      `Leave it out, or bring it up: echo 1 > /sys/devices/system/cpu/cpu${offline[0]}/online.`,
    );
  }
  if (housekeeping.length > 0) return undefined;
  return refuse(
    `CPUs ${formatCpuList(cpus)} are all that are online: none stays with the host`,
    'Leave the host one core of each NUMA node at least: libvirt_cpu_plan says which.',
  );
}

/** CPU 0 is to be without the tick. */
export const refuseBootCpu: Refuse = refuse(
  'nohz_full cannot have CPU 0, which keeps the time for the others',
  'Leave CPU 0 out of the list.',
);

/** Something else says already where processes run. */
export function refuseOwner(method: Args['method'], { affinity, live, tuned }: HostCpus): Refuse | undefined {
  const [line] = affinity;
  if (line !== undefined) {
    return refuse(
      `systemd has a list of CPUs of its own: ${line}`,
      'Two owners of where services run end badly: take that line out and reboot, or leave this role out.',
    );
  }
  const boot = /\b(isolcpus|nohz_full|rcu_nocbs)=[^\s"]*/.exec(tuned)?.[0];
  if (boot !== undefined) {
    return refuse(
      `a profile of tuned isolates CPUs (/etc/tuned/bootcmdline: ${boot})`,
      'Choose another profile (tuned-adm profile), or leave the isolation to tuned.',
    );
  }
  const isolated = method === 'cpuset' ? pick(live, ['isolcpus']) : [];
  if (isolated.length === 0) return undefined;
  return refuse(
    `the kernel isolates CPUs already: ${isolated.join(' ')}`,
    'Take one of both: method: isolcpus here, or the parameter out of the command line, and a reboot.',
  );
}

/** Guests would have all their vCPUs on one CPU. */
export function refuseUnpinned(cpus: readonly number[], { guests = [] }: HostCpus): Refuse | undefined {
  const loose = new Set(guests.flatMap(domain => unpinnedVcpus(domain, cpus) ?? []));
  if (loose.size === 0) return undefined;
  return refuse(
    `vCPUs are not pinned to one CPU each: ${[...loose].join(', ')}`,
    'On isolated CPUs nothing is balanced: such vCPUs would all sit on one. Pin every ' +
      'guest first (role vcpupin; a guest that runs keeps its old pins until it is started ' +
      'again), or use method: cpuset.',
    { needs: [{ kind: 'domain', name: '*' }] },
  );
}
