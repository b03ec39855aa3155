import { parseCpuList } from '../../host/cpu/cpu-list.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';

/** A physical core with its hardware threads that are online and open to machines. */
export interface Core {
  readonly node: number;
  /** CPU numbers, lowest first. */
  readonly cpus: readonly number[];
}

const slice = '/sys/fs/cgroup/machine.slice/cpuset.cpus.effective';

/** Probe sections for the topology. */
export const topologySections = {
  lscpu: sh`lscpu -p=CPU,CORE,SOCKET,NODE,ONLINE`,
  slice: sh`[ -e ${slice} ] || exit 3; cat ${slice}`,
};

/**
 * The cores, by node and lowest CPU. A host without NUMA has node 0.
 * @throws CannotTell
 */
export function readTopology(answer: Answer): readonly Core[] {
  const { stdout } = accept(answer, 'lscpu', [0], 'lscpu');
  const limit = accept(answer, 'slice', [0, 3], 'cat');
  const allowed = limit.code === 3 ? [] : (parseCpuList(limit.stdout) ?? []);
  const cores = new Map<string, { node: number; cpus: number[] }>();
  for (const line of stdout.split('\n').filter(text => text !== '' && !text.startsWith('#'))) {
    const [cpu, core, socket, node, online] = line.split(',');
    if (!/^\d+$/.test(cpu ?? '') || !/^[YN]$/.test(online ?? '')) throw new CannotTell(`lscpu printed ${line}`);
    if (online === 'N' || (allowed.length > 0 && !allowed.includes(Number(cpu)))) continue;
    const key = `${node} ${socket} ${core}`;
    const found = cores.get(key) ?? { node: Number(node || 0), cpus: [] };
    found.cpus.push(Number(cpu));
    cores.set(key, found);
  }
  if (cores.size === 0) throw new CannotTell('lscpu printed no CPU that is online');
  const sorted = [...cores.values()].map(core => ({ node: core.node, cpus: core.cpus.sort((a, b) => a - b) }));
  return sorted.sort((a, b) => a.node - b.node || a.cpus[0]! - b.cpus[0]!);
}
