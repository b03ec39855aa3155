import { ioThreadIds, vcpusOf } from '../libvirt/domain-element.ts';
import { attribute, child, children, type Element, textOf } from '../libvirt/xml.ts';
import { parseCpuList } from './cpu-list.ts';

/** What a plan needs to know of a domain. */
export interface PlannedGuest {
  readonly name: string;
  readonly vcpus: number;
  readonly ioThreads: readonly number[];
  /** CPUs by vCPU, as the definition pins them now. */
  readonly pins: ReadonlyMap<number, readonly number[]>;
}

/** The guest in a definition. */
export function guestOf(domain: Element): PlannedGuest {
  const tune = child(domain, 'cputune');
  const pins = tune ? children(tune, 'vcpupin') : [];
  return {
    name: textOf(child(domain, 'name')),
    vcpus: vcpusOf(domain).max,
    ioThreads: ioThreadIds(domain),
    pins: new Map(
      pins.map(pin => [Number(attribute(pin, 'vcpu')), parseCpuList(attribute(pin, 'cpuset') ?? '') ?? []]),
    ),
  };
}
