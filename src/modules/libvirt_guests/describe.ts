import { disksOf, ioThreadIds, vcpusOf } from '../../host/libvirt/domain-element.ts';
import { differingParts, managedParts } from '../../host/libvirt/managed.ts';
import { bytesOf } from '../../host/libvirt/memory-size.ts';
import { at, attribute, child, children, type Element } from '../../host/libvirt/xml.ts';
import type { Part } from '../../host/tuning/part.ts';

/** What a domain's definition says, as data. */
export function describeDomain(domain: Element) {
  const tune = child(domain, 'cputune');
  return {
    memory: bytesOf(child(domain, 'memory')) ?? 0,
    huge_pages: at(domain, 'memoryBacking', 'hugepages') !== undefined,
    vcpus: vcpusOf(domain),
    pinned: (tune ? children(tune, 'vcpupin') : []).length >= vcpusOf(domain).max,
    iothreads: ioThreadIds(domain),
    machine: attribute(at(domain, 'os', 'type'), 'machine') ?? '',
    cpu_mode: attribute(child(domain, 'cpu'), 'mode') ?? '',
    windows: isWindows(domain),
    disks: [...disksOf(domain)].map(([target, disk]) => describeDisk(target, disk)),
  };
}

/** The tuned parts of a domain, each once. */
export function partsOf(definition: Element, live: Element | undefined): readonly Part[] {
  const configured = managedParts(definition);
  const running = live && managedParts(live);
  const waiting = new Set(live ? differingParts(definition, live) : []);
  const names = new Set([...configured.keys(), ...(running?.keys() ?? [])]);
  return [...names].map(part => ({
    part,
    configured: shown(part, configured.get(part) ?? ''),
    live: running ? shown(part, running.get(part) ?? '') : null,
    waits: waiting.has(part) ? 'guest-restart' : null,
  }));
}

/** Arguments that were handed to QEMU as they are belong to others, and may hold secrets. */
function shown(part: string, value: string): string {
  return part === 'QEMU arguments' && value !== '' ? 'not shown' : value.trim();
}

function describeDisk(target: string, disk: Element) {
  const driver = child(disk, 'driver');
  const source = child(disk, 'source');
  const several = driver && child(driver, 'iothreads');
  const single = attribute(driver, 'iothread');
  return {
    target,
    device: attribute(disk, 'device') ?? 'disk',
    bus: attribute(child(disk, 'target'), 'bus') ?? '',
    type: attribute(disk, 'type') ?? '',
    source: ['file', 'dev', 'name', 'path', 'volume'].flatMap(name => attribute(source, name) ?? [])[0] ?? '',
    format: attribute(driver, 'type') ?? '',
    cache: attribute(driver, 'cache') ?? 'default',
    io: attribute(driver, 'io') ?? 'default',
    discard: attribute(driver, 'discard') ?? 'default',
    iothreads: several
      ? children(several, 'iothread').map(thread => Number(attribute(thread, 'id')))
      : single === undefined
        ? []
        : [Number(single)],
  };
}

/** libosinfo's name of the system; without one, what only Windows guests are given. */
function isWindows(domain: Element): boolean {
  const systems = [...domain.getElementsByTagName('*')].filter(({ localName }) => localName === 'os');
  const named = systems.map(element => attribute(element, 'id') ?? '').find(id => id.includes('//'));
  if (named !== undefined) return /microsoft\.com\/win/.test(named);
  return at(domain, 'features', 'hyperv') !== undefined || attribute(child(domain, 'clock'), 'offset') === 'localtime';
}
