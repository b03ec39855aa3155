import { canonicalCpuList, formatCpuList, parseCpuList } from '../../host/cpu/cpu-list.ts';
import { textFile } from '../../host/lines/text.ts';
import { CannotTell } from '../../shell/answer.ts';
import { all, ask, map, printed, type Seen } from '../../shell/look.ts';
import { raw, sh } from '../../shell/quote.ts';

/** What is seen of the CPUs of a unit. */
export type UnitCpus = Seen<ReturnType<typeof unitCpus>>;

/** Which CPUs a unit may use: as the file, systemd and the kernel have it. */
export function unitCpus(unit: string) {
  return all({
    systemd: printed(
      'The look at systemd',
      raw(`[ -d /run/systemd/system ] || { echo 'systemd did not boot this host' >&2; exit 1; }`),
    ),
    capable,
    manager: managerCpus(unit),
    live: liveCpus(unit),
    others: otherLimits(unit),
    file: textFile(dropIn(unit)),
  });
}

/**
 * False where the cgroups have no CPU sets to give: 1 says that the root has none, 2 that the file
 * does not exist, as in cgroups of version 1.
 */
const capable = map(
  ask('grep', raw('grep -swq cpuset /sys/fs/cgroup/cgroup.controllers'), [0, 1, 2]),
  ({ code }) => code === 0,
);

/** Whether systemd has the unit, and what it will set when it sets it again; '' for no limit. */
function managerCpus(unit: string) {
  return map(printed('systemctl', sh`systemctl show -p LoadState,AllowedCPUs -- ${unit}`), shown => {
    const load = /^LoadState=(\S+)$/m.exec(shown)?.[1];
    const cpus = /^AllowedCPUs=(.*)$/m.exec(shown)?.[1];
    if (load === undefined || cpus === undefined) throw new CannotTell(`systemctl said nothing about ${unit}`);
    return { loaded: load === 'loaded', cpus: listOf(cpus) };
  });
}

/** What the kernel lets the unit use; undefined where it has no process to limit. */
function liveCpus(unit: string) {
  const text = sh`group=$(systemctl show -p ControlGroup --value -- ${unit}) || exit 1
[ -n "$group" ] && [ -d "/sys/fs/cgroup$group" ] || exit 3
[ -e "/sys/fs/cgroup$group/cpuset.cpus.effective" ] || group=
cat "/sys/fs/cgroup$group/cpuset.cpus.effective"`;
  return map(ask('cat', text, [0, 3]), ({ code, stdout }) => {
    if (code === 3) return undefined;
    const cpus = parseCpuList(stdout);
    if (!cpus) throw new CannotTell(`the kernel names the CPUs as ${JSON.stringify(stdout)}`);
    return formatCpuList(cpus);
  });
}

/** `FILE:LINE` of other files that limit the unit. */
function otherLimits(unit: string) {
  const text = sh`grep -sHE '^[[:space:]]*AllowedCPUs=' ${raw(otherFiles(unit))}`;
  return map(printed('grep', text, [0, 1, 2]), found =>
    found.split('\n').filter(line => /=\s*\S/.test(line) && !line.startsWith(`${dropIn(unit)}:`)),
  );
}

/** One form of a list as systemd has it, with blanks. */
export function listOf(cpus: string): string {
  return canonicalCpuList(cpus.trim().replaceAll(/\s+/g, ','));
}

/** Sorts after what `systemctl set-property` writes, 50-AllowedCPUs.conf. */
function dropIn(unit: string): string {
  return `/etc/systemd/system/${unit}.d/60-hostwright-cpus.conf`;
}

/**
 * Files of the unit that outlive a boot; the name has no character that a shell would take
 * otherwise.
 */
function otherFiles(unit: string): string {
  return [
    '/etc/systemd/system.control',
    '/etc/systemd/system',
    '/usr/local/lib/systemd/system',
    '/usr/lib/systemd/system',
  ]
    .flatMap(folder => [`${folder}/${unit}`, `${folder}/${unit}.d/*.conf`])
    .join(' ');
}
