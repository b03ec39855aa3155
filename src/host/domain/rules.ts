import { parseCpuList } from '../cpu/cpu-list.ts';
import { ioThreadIds, vcpusOf } from '../libvirt/domain-element.ts';
import { cellsOf } from '../libvirt/guest-memory.ts';
import type { Element } from '../libvirt/xml.ts';
import { formatSize } from '../size.ts';
import type { DomainArgs } from './args.ts';
import type { HostLimits } from './host-limits.ts';
import type { Illegal } from './illegal.ts';
import { busRules } from './rules-bus.ts';
import { controllerRules, diskRules } from './rules-disks.ts';
import { featureRules } from './rules-features.ts';
import { threadRules } from './rules-threads.ts';
import { vcpuRules } from './rules-vcpus.ts';

/**
 * The first rule that the edited domain breaks; libvirt would refuse it, drop it silently, or fail
 * only when the guest starts.
 * @param before the domain as it is now.
 */
export function illegal(domain: Element, args: DomainArgs, host: HostLimits, before: Element): Illegal | undefined {
  const checks = [diskRules, controllerRules, threadRules, vcpuRules, pinRules, numaRules, memoryRules, featureRules];
  const found = checks.map(check => check(domain, args, host)).find(broken => broken !== undefined);
  return found ?? busRules(domain, args, before);
}

function pinRules(domain: Element, args: DomainArgs, host: HostLimits): Illegal | undefined {
  const tune = args.cputune ?? {};
  const { max } = vcpusOf(domain);
  const vcpu = Object.keys(tune.vcpupin ?? {}).find(id => Number(id) >= max);
  if (vcpu !== undefined) {
    return {
      message: `has no vCPU ${vcpu}: it has ${max}`,
      advice: 'libvirt would drop the pin silently; vCPUs count from 0.',
    };
  }
  const ids = ioThreadIds(domain);
  const thread = Object.keys(tune.iothreadpin ?? {}).find(id => !ids.includes(Number(id)));
  if (thread !== undefined) {
    return { message: `has no I/O thread ${thread}`, advice: `It has ${ids.join(', ') || 'none'}; they count from 1.` };
  }
  const lists = [
    ...Object.values(tune.vcpupin ?? {}),
    tune.emulatorpin ?? [],
    ...Object.values(tune.iothreadpin ?? {}),
  ];
  const bad = lists.flatMap(list => parseCpuList(list) ?? []).filter(cpu => !host.cpus.includes(cpu));
  if (bad.length === 0) return undefined;
  const cpus = [...new Set(bad)].join(', ');
  return {
    message: `would be pinned to CPU ${cpus}, which is offline, missing or not open to machines`,
    advice: `CPUs for guests here: ${host.cpus.join(', ')}. libvirt would accept it, and the guest would not start.`,
  };
}

function numaRules(_domain: Element, args: DomainArgs, host: HostLimits): Illegal | undefined {
  const { nodeset } = args.numatune || {};
  const wanted = nodeset === undefined ? [] : (parseCpuList(nodeset) ?? []);
  const missing = wanted.filter(node => !host.nodes.includes(node));
  if (missing.length === 0) return undefined;
  return {
    message: `would take memory from NUMA node ${missing.join(', ')}, which is not there`,
    advice: `Nodes: ${host.nodes.join(', ')}.`,
  };
}

function memoryRules(domain: Element, args: DomainArgs, host: HostLimits): Illegal | undefined {
  const wanted = args.memory_backing?.hugepages;
  if (!wanted) return undefined;
  const { size } = wanted;
  if (!host.pageSizes.includes(size)) {
    return {
      message: `would use huge pages of ${formatSize(size)}, which this host does not have`,
      advice: 'ls /sys/kernel/mm/hugepages shows the sizes.',
    };
  }
  const cells = cellsOf(domain);
  const named = wanted.nodeset === undefined ? cells.map(({ id }) => id) : (parseCpuList(wanted.nodeset) ?? []);
  const absent = named.filter(id => !cells.some(cell => cell.id === id));
  if (absent.length > 0) {
    return {
      message: `has no NUMA cell ${absent.join(', ')}`,
      advice: "hugepages.nodeset names the guest's own NUMA cells (<cpu><numa>).",
    };
  }
  const partial = cells.find(({ bytes, id }) => named.includes(id) && bytes % size !== 0);
  if (!partial) return undefined;
  const what = cells.length === 1 ? 'memory' : `memory in NUMA cell ${partial.id}`;
  return {
    message:
      `has ${partial.bytes / 2 ** 20} MiB of ${what}, which is not a whole number of pages ` + `of ${formatSize(size)}`,
    advice: "Change the guest's memory, or use smaller pages.",
  };
}
