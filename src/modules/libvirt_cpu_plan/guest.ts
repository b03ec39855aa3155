import { parseCpuList } from '../../host/cpu/cpu-list.ts';
import { ioThreadIds, vcpusOf } from '../../host/libvirt/domain-element.ts';
import { boundNodesOf, type Share, sharesOf } from '../../host/libvirt/guest-memory.ts';
import { at, attribute, child, children, type Element, textOf } from '../../host/libvirt/xml.ts';

/** What a plan needs to know of a domain. */
export interface PlannedGuest {
  readonly name: string;
  readonly vcpus: number;
  readonly ioThreads: readonly number[];
  /** CPUs by vCPU, as the definition pins them now. */
  readonly pins: ReadonlyMap<number, readonly number[]>;
  /** Threads of a core, as the guest sees them. */
  readonly threads: number;
  readonly memory: readonly Share[];
  /**
   * The nodes that its memory has to come from, as defined now; undefined where it may come from
   * any.
   */
  readonly memoryNodes: readonly number[] | undefined;
}

/** The guest in a definition. */
export function guestOf(domain: Element): PlannedGuest {
  const tune = child(domain, 'cputune');
  const pins = tune ? children(tune, 'vcpupin') : [];
  return {
    name: textOf(child(domain, 'name')),
    vcpus: vcpusOf(domain).max,
    ioThreads: ioThreadIds(domain),
    threads: Number(attribute(at(domain, 'cpu', 'topology'), 'threads') ?? 1),
    memory: sharesOf(domain),
    memoryNodes: boundNodesOf(domain),
    pins: new Map(
      pins.map(pin => [Number(attribute(pin, 'vcpu')), parseCpuList(attribute(pin, 'cpuset') ?? '') ?? []]),
    ),
  };
}
