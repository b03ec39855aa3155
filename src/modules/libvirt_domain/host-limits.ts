import { parseCpuList } from '../../host/cpu/cpu-list.ts';
import type { HostLimits } from '../../host/domain/host-limits.ts';
import { machineCpus } from '../../host/libvirt/machine-cpus.ts';
import { CannotTell } from '../../shell/answer.ts';
import { all, ask, type Look, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';

/** What libvirt does not check: CPUs, NUMA nodes and page sizes. @throws CannotTell */
export const hostLimits: Look<Omit<HostLimits, 'hyperv'>> = map(
  all({
    cpus: map(printed('cat', sh`cat /sys/devices/system/cpu/online`), numbersIn),
    slice: map(machineCpus, numbersIn),
    nodes: ask(
      'cat',
      sh`[ -e /sys/devices/system/node/online ] || exit 3; cat /sys/devices/system/node/online`,
      [0, 3],
    ),
    pages: printed('ls', sh`[ -e /sys/kernel/mm/hugepages ] || exit 3; ls /sys/kernel/mm/hugepages`, [0, 3]),
  }),
  ({ cpus, nodes, pages, slice }) => ({
    cpus: slice.length === 0 ? cpus : cpus.filter(cpu => slice.includes(cpu)),
    nodes: numbersIn(nodes.code === 3 ? '0' : nodes.stdout),
    pageSizes: [...pages.matchAll(/hugepages-(\d+)kB/g)].map(([, size]) => Number(size) * 1024),
  }),
);

/** @throws CannotTell */
function numbersIn(text: string): readonly number[] {
  const numbers = parseCpuList(text);
  if (!numbers) throw new CannotTell(`the kernel printed no list of CPUs or nodes: ${text.slice(0, 100)}`);
  return numbers;
}
