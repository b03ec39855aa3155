import { parseCpuList } from '../../host/cpu/cpu-list.ts';
import type { HostLimits } from '../../host/domain/host-limits.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';

const slice = '/sys/fs/cgroup/machine.slice/cpuset.cpus.effective';

/** Probe sections that read what libvirt does not check: CPUs, NUMA nodes and page sizes. */
export const limitSections = {
  cpus: sh`cat /sys/devices/system/cpu/online`,
  slice: sh`[ -e ${slice} ] || exit 3; cat ${slice}`,
  nodes: sh`[ -e /sys/devices/system/node/online ] || exit 3; cat /sys/devices/system/node/online`,
  pages: sh`[ -e /sys/kernel/mm/hugepages ] || exit 3; ls /sys/kernel/mm/hugepages`,
};

/** @throws CannotTell */
export function readLimits(answer: Answer): HostLimits {
  const list = (section: string, absent: string): readonly number[] => {
    const found = accept(answer, section, [0, 3], 'cat');
    const numbers = parseCpuList(found.code === 3 ? absent : found.stdout);
    if (!numbers) throw new CannotTell(`the kernel printed no list of CPUs or nodes: ${found.stdout.slice(0, 100)}`);
    return numbers;
  };
  const online = list('cpus', '');
  const allowed = list('slice', '');
  const sizes = [...accept(answer, 'pages', [0, 3], 'ls').stdout.matchAll(/hugepages-(\d+)kB/g)];
  return {
    cpus: allowed.length === 0 ? online : online.filter(cpu => allowed.includes(cpu)),
    nodes: list('nodes', '0'),
    pageSizes: sizes.map(match => Number(match[1]) * 1024),
  };
}
