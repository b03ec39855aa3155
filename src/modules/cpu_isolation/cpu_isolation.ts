import { type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { pick, splitTokens, type Token } from '../../host/boot/tokens.ts';
import { formatCpuList, parseCpuList } from '../../host/cpu/cpu-list.ts';
import { allDomains, domainDocuments } from '../../host/libvirt/all-domains.ts';
import { domainOf } from '../../host/libvirt/domain-element.ts';
import type { Document } from '../../host/libvirt/xml.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { raw, sh } from '../../shell/quote.ts';
import { type Answer, script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { isolationParameters, unpinnedVcpus } from './isolation.ts';
import { type Args, args, examples, returns } from './schema.ts';

interface State {
  readonly present: readonly number[];
  readonly online: readonly number[];
  readonly live: readonly Token[];
  /** `FILE: CPUAffinity=LIST` of systemd's manager. */
  readonly affinity: readonly string[];
  /** Parameters that tuned gives to the boot loader. */
  readonly tuned: string;
  readonly guests: readonly Document[];
}

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
  probe: ({ method, uri }) =>
    script({
      present: raw('cat /sys/devices/system/cpu/present'),
      online: raw('cat /sys/devices/system/cpu/online'),
      live: raw('cat /proc/cmdline'),
      affinity: sh`grep -sHE '^[[:space:]]*CPUAffinity=' ${managerFiles}`,
      tuned: raw(`[ -e /etc/tuned/bootcmdline ] || exit 3; cat /etc/tuned/bootcmdline`),
      ...(method === 'isolcpus' && { guests: allDomains(uri, 'every document') }),
    }),
  read: (answer, { method }): State => ({
    present: readList(answer, 'present'),
    online: readList(answer, 'online'),
    live: splitTokens(accept(answer, 'live', [0], 'cat').stdout),
    // 2 says that one of the folders is not there; a line without a value takes values away.
    affinity: accept(answer, 'affinity', [0, 1, 2], 'grep')
      .stdout.split('\n')
      .filter(line => /=\s*\S/.test(line)),
    tuned: accept(answer, 'tuned', [0, 3], 'cat').stdout,
    guests: method === 'isolcpus' ? domainDocuments(answer, 'guests') : [],
  }),
  decide,
});

const managerFiles = raw(
  ['/etc', '/run', '/usr/local/lib', '/usr/lib']
    .flatMap(folder => [`${folder}/systemd/system.conf`, `${folder}/systemd/system.conf.d/*.conf`])
    .join(' '),
);

/** @throws CannotTell */
function readList(answer: Answer, section: string): readonly number[] {
  const { stdout } = accept(answer, section, [0], 'cat');
  const cpus = parseCpuList(stdout);
  if (!cpus || cpus.length === 0) throw new CannotTell(`the kernel names its CPUs as ${JSON.stringify(stdout)}`);
  return cpus;
}

function decide(args: Args, state: State): Decision<State> {
  const cpus = parseCpuList(args.cpus) ?? [];
  const housekeeping = state.online.filter(cpu => !cpus.includes(cpu));
  const refused =
    refuseCpus(cpus, housekeeping, state) ??
    (args.nohz_full && cpus.includes(0) ? refuseBootCpu() : undefined) ??
    refuseOwner(args, state) ??
    refuseUnpinned(cpus, state);
  if (refused) return refused;
  return ok(`CPUs ${formatCpuList(cpus)} for guests, ${formatCpuList(housekeeping)} for the host`, {
    result: {
      cpus: formatCpuList(cpus),
      housekeeping: formatCpuList(housekeeping),
      kernel_parameters: args.method === 'isolcpus' ? isolationParameters(cpus, housekeeping, args.nohz_full) : [],
      kernel_absent: args.method === 'isolcpus' && !args.nohz_full ? ['nohz_full'] : [],
    },
  });
}

function refuseCpus(
  cpus: readonly number[],
  housekeeping: readonly number[],
  { present, online }: State,
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

function refuseBootCpu(): Refuse {
  return refuse('nohz_full cannot have CPU 0, which keeps the time for the others', 'Leave CPU 0 out of the list.');
}

function refuseOwner({ method }: Args, { affinity, live, tuned }: State): Refuse | undefined {
  const line = affinity[0];
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

function refuseUnpinned(cpus: readonly number[], { guests }: State): Refuse | undefined {
  const loose = new Set(guests.flatMap(document => unpinnedVcpus(domainOf(document), cpus) ?? []));
  if (loose.size === 0) return undefined;
  return refuse(
    `vCPUs are not pinned to one CPU each: ${[...loose].join(', ')}`,
    'On isolated CPUs nothing is balanced: such vCPUs would all sit on one. Pin every ' +
      'guest first (role vcpupin; a guest that runs keeps its old pins until it is started ' +
      'again), or use method: cpuset.',
    { needs: [{ kind: 'domain', name: '*' }] },
  );
}
