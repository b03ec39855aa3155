import { parseCpuList } from '../cpu/cpu-list.ts';
import { vcpusOf } from '../libvirt/domain-element.ts';
import { at, attribute, child, children, type Element } from '../libvirt/xml.ts';
import type { DomainArgs } from './args.ts';
import { threadsOfTopology } from './edit-vcpus.ts';
import type { HostLimits } from './host-limits.ts';
import type { Illegal } from './illegal.ts';

/** What must hold of the number of vCPUs and of all that counts them. */
export function vcpuRules(domain: Element, args: DomainArgs, host: HostLimits): Illegal | undefined {
  const { max, current } = vcpusOf(domain);
  if (current > max)
    return { message: `would start with ${current} of ${max} vCPUs`, advice: 'vcpu.current is at most vcpu.max.' };
  const { vcpu } = args;
  if (!vcpu) return undefined;
  if (vcpu.max !== undefined && max > host.cpus.length && !vcpu.overcommit) {
    return {
      message: `would have ${max} vCPUs, and the host has ${host.cpus.length} CPUs for guests`,
      advice: 'vCPUs that wait for each other make a guest slower: give fewer, or say vcpu.overcommit: true.',
    };
  }
  return topologyRule(domain, args, max) ?? singleRule(domain) ?? cellRule(domain, args, max);
}

function topologyRule(domain: Element, { vcpu }: DomainArgs, max: number): Illegal | undefined {
  const threads = threadsOfTopology(domain);
  if (threads === undefined || threads === max || (vcpu?.max === undefined && !vcpu?.topology)) return undefined;
  return {
    message: `has a CPU topology of ${threads} threads, which does not fit ${max} vCPUs`,
    advice: `Give both together: vcpu: {max: ${max}, topology: {sockets: 1, cores: ${max}, threads: 1}}.`,
  };
}

/** Each of these is on or off by itself, and libvirt wants them to add up. */
function singleRule(domain: Element): Illegal | undefined {
  if (!child(domain, 'vcpus')) return undefined;
  return {
    message: 'switches single vCPUs on and off (<vcpus>)',
    advice: 'Take <vcpus> out by hand first: virsh edit.',
  };
}

function cellRule(domain: Element, { vcpu }: DomainArgs, max: number): Illegal | undefined {
  const numa = at(domain, 'cpu', 'numa');
  const cells = numa ? children(numa, 'cell') : [];
  const covered = new Set(cells.flatMap(cell => parseCpuList(attribute(cell, 'cpus') ?? '') ?? []));
  if (vcpu?.max === undefined || cells.length === 0 || covered.size === max) return undefined;
  return {
    message: `has NUMA cells for ${covered.size} vCPUs, which do not fit ${max}`,
    advice: 'Change <cpu><numa> by hand together with the number of vCPUs.',
  };
}
