import { formatCpuList, parseCpuList } from '../../host/cpu/cpu-list.ts';
import { vcpusOf } from '../../host/libvirt/domain-element.ts';
import { attribute, child, children, type Element, textOf } from '../../host/libvirt/xml.ts';

/**
 * What would go wrong with a guest on CPUs that the scheduler does not balance: a vCPU that is not
 * pinned, or pinned to several CPUs of which one is isolated. Undefined where each vCPU has one
 * isolated CPU, or stays off them.
 */
export function unpinnedVcpus(domain: Element, isolated: readonly number[]): string | undefined {
  const tune = child(domain, 'cputune');
  const pins = new Map(
    (tune ? children(tune, 'vcpupin') : []).map(pin => [Number(attribute(pin, 'vcpu')), attribute(pin, 'cpuset')]),
  );
  const common = attribute(child(domain, 'vcpu'), 'cpuset');
  const loose = Array.from({ length: vcpusOf(domain).max }, (_, vcpu) => vcpu).filter(vcpu => {
    const cpus = parseCpuList(pins.get(vcpu) ?? common ?? '') ?? [];
    return cpus.length === 0 || (cpus.length > 1 && cpus.some(cpu => isolated.includes(cpu)));
  });
  if (loose.length === 0) return undefined;
  return `${textOf(child(domain, 'name'))} (vCPU ${formatCpuList(loose)})`;
}

/** Parameters of the kernel's command line; a list of CPUs each. */
export function isolationParameters(
  cpus: readonly number[],
  housekeeping: readonly number[],
  nohzFull: boolean,
): readonly string[] {
  const list = formatCpuList(cpus);
  return [
    `isolcpus=managed_irq,domain,${list}`,
    ...(nohzFull ? [`nohz_full=${list}`] : []),
    `irqaffinity=${formatCpuList(housekeeping)}`,
  ];
}
