import { ensurePart, vcpusOf } from '../libvirt/domain-element.ts';
import { attribute, child, type Element, ensureChild, setAttribute, setText } from '../libvirt/xml.ts';
import type { TopologyArgs, VcpuArgs } from './args.ts';
import { dropPins } from './edit-threads.ts';

/** Sets the number of vCPUs: the most that the domain can have, and those it starts with. */
export function editVcpus(domain: Element, wanted: Pick<VcpuArgs, 'max' | 'current'>): void {
  const now = vcpusOf(domain);
  const max = wanted.max ?? now.max;
  const current = wanted.current ?? (wanted.max === undefined ? now.current : Math.min(now.current, max));
  if (max === now.max && current === now.current) return;
  const vcpu = ensurePart(domain, 'vcpu');
  setText(vcpu, String(max));
  setAttribute(vcpu, 'current', current === max ? undefined : String(current));
  dropPins(domain, 'vcpupin', 'vcpu', id => id >= max);
}

/** Lays the vCPUs out. What a level is not given for is 1. */
export function editTopology(domain: Element, wanted: TopologyArgs): void {
  const cpu = ensurePart(domain, 'cpu');
  const topology = ensureChild(cpu, 'topology', ['model', 'vendor']);
  const levels = {
    sockets: wanted.sockets,
    dies: wanted.dies ?? 1,
    clusters: 1,
    cores: wanted.cores,
    threads: wanted.threads,
  };
  for (const [name, count] of Object.entries(levels)) {
    // Older libvirt has no clusters and no dies: a level of 1 is not written where it does not
    // stand.
    if (Number(attribute(topology, name) ?? 1) !== count || name in wanted) setAttribute(topology, name, String(count));
  }
}

/** vCPUs that the layout comes to; undefined where none is given. */
export function threadsOfTopology(domain: Element): number | undefined {
  const topology = child(child(domain, 'cpu'), 'topology');
  if (!topology) return undefined;
  const levels = ['sockets', 'dies', 'clusters', 'cores', 'threads'];
  return levels.reduce((all, name) => all * Number(attribute(topology, name) ?? 1), 1);
}
