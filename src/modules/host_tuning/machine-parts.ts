import { type Pages, pages } from '../../host/memory/pages.ts';
import { formatSize } from '../../host/size.ts';
import { liveOnly, type Part } from '../../host/tuning/part.ts';
import { all, type Look, map } from '../../shell/look.ts';
import { raw } from '../../shell/quote.ts';
import { firstLines } from '../../shell/read-files.ts';

const cpus = '/sys/devices/system/cpu';

/** Processors and memory. @throws CannotTell */
export const machineParts: Look<readonly Part[]> = map(
  all({
    pages,
    cpus: firstLines(
      raw(
        `grep -sH '' ${cpus}/online ${cpus}/isolated ${cpus}/nohz_full ` +
          '/proc/irq/default_smp_affinity /sys/fs/cgroup/*.slice/cpuset.cpus.effective ' +
          '/sys/module/kvm_*/parameters/nested /etc/tuned/active_profile',
      ),
    ),
    governors: firstLines(raw(`grep -sH '' ${cpus}/cpufreq/policy*/scaling_governor`)),
  }),
  ({ pages, cpus, governors }) => {
    const all = [...new Set(governors.values())].sort().join(', ');
    return [...pageParts(pages), ...cpuParts(cpus), ...(all === '' ? [] : [liveOnly('CPU governor', all)])];
  },
);

function pageParts(pages: Pages): readonly Part[] {
  return pages.nodes.flatMap(({ id, pools }) =>
    [...pools]
      .filter(([, { total }]) => total > 0)
      .map(([size, { total, free }]) =>
        liveOnly(`huge pages of ${formatSize(size)} on node ${id}`, `${total}, ${free} free`),
      ),
  );
}

function cpuParts(files: ReadonlyMap<string, string>): readonly Part[] {
  const of = (part: string, path: string) => {
    const value = files.get(path)?.trim();
    return value === undefined || value === '' || value === '(null)' ? [] : [liveOnly(part, value)];
  };
  const slices = [...files.keys()].flatMap(path => /cgroup\/(\S+\.slice)\/cpuset\.cpus\.effective$/.exec(path) ?? []);
  return [
    ...of('CPUs online', `${cpus}/online`),
    ...of('CPUs without the scheduler', `${cpus}/isolated`),
    ...of('CPUs without the tick', `${cpus}/nohz_full`),
    ...of('CPUs of new interrupts (mask)', '/proc/irq/default_smp_affinity'),
    ...slices
      .filter(name => name.endsWith('.slice') && !name.includes('/'))
      .flatMap(name => of(`CPUs of ${name}`, `/sys/fs/cgroup/${name}/cpuset.cpus.effective`)),
    ...['kvm_intel', 'kvm_amd'].flatMap(name => of(`nesting (${name})`, `/sys/module/${name}/parameters/nested`)),
    ...of('profile of tuned', '/etc/tuned/active_profile'),
  ];
}
