import { parseCpuList } from '../../host/cpu/cpu-list.ts';
import { machineCpus } from '../../host/libvirt/machine-cpus.ts';
import { CannotTell } from '../../shell/answer.ts';
import { all, type Look, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';

/** A physical core with its hardware threads that are online and open to machines. */
export interface Core {
  readonly node: number;
  /** CPU numbers, lowest first. */
  readonly cpus: readonly number[];
}

/**
 * The cores of the host, by node and lowest CPU. A host without NUMA has node 0.
 * @throws CannotTell
 */
export const cores: Look<readonly Core[]> = map(
  all({ lscpu: printed('lscpu', sh`lscpu -p=CPU,CORE,SOCKET,NODE,ONLINE`), slice: machineCpus }),
  ({ lscpu, slice }) => coresIn(lscpu, parseCpuList(slice) ?? []),
);

/** @param allowed the CPUs that machines may use; empty for all. */
function coresIn(text: string, allowed: readonly number[]): readonly Core[] {
  const cores = new Map<string, { node: number; cpus: number[] }>();
  for (const line of text.split('\n').filter(one => one !== '' && !one.startsWith('#'))) {
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
  return sorted.sort((a, b) => a.node - b.node || Math.min(...a.cpus) - Math.min(...b.cpus));
}
