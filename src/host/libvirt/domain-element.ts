import { addChild, at, attribute, child, children, type Document, type Element, rootOf, textOf } from './xml.ts';

/**
 * The order in which libvirt prints the parts of a domain. Input may have any order; ours makes a
 * diff readable.
 */
const order = [
  'name',
  'uuid',
  'genid',
  'title',
  'description',
  'metadata',
  'maxMemory',
  'memory',
  'currentMemory',
  'blkiotune',
  'memtune',
  'memoryBacking',
  'vcpu',
  'vcpus',
  'iothreads',
  'iothreadids',
  'defaultiothread',
  'cputune',
  'numatune',
  'resource',
  'sysinfo',
  'os',
  'idmap',
  'features',
  'cpu',
  'clock',
];

/** A part of a domain, made at its usual place where it is missing. */
export function ensurePart(domain: Element, name: string): Element {
  return child(domain, name) ?? addChild(domain, name, {}, order.slice(0, order.indexOf(name)));
}

/** The root of a domain's definition. @throws CannotTell for a document without one */
export function domainOf(document: Document): Element {
  return rootOf(document);
}

/** The name of a domain. */
export function nameOf(domain: Element): string {
  return textOf(child(domain, 'name'));
}

/** The disks of a domain by target (`vda`), CD-ROM drives too. */
export function disksOf(domain: Element): ReadonlyMap<string, Element> {
  const devices = child(domain, 'devices');
  const disks = devices ? children(devices, 'disk') : [];
  return new Map(disks.map(disk => [attribute(child(disk, 'target'), 'dev') ?? '', disk]));
}

/** The SCSI controllers of a domain by index, of every model. */
export function scsiControllers(domain: Element): ReadonlyMap<string, Element> {
  const devices = child(domain, 'devices');
  const all = devices ? children(devices, 'controller') : [];
  const scsi = all.filter(element => attribute(element, 'type') === 'scsi');
  return new Map(scsi.map(element => [attribute(element, 'index') ?? '', element]));
}

/** Whether a SCSI controller is virtio's, in one of its three forms. */
export function isVirtioScsi(controller: Element | undefined): boolean {
  return /^virtio-(scsi|transitional|non-transitional)$/.test(attribute(controller, 'model') ?? '');
}

/**
 * The ids of a domain's I/O threads: those that are named, and 1 upwards for the rest of the count.
 */
export function ioThreadIds(domain: Element): readonly number[] {
  const named = children(child(domain, 'iothreadids') ?? domain, 'iothread').map(thread =>
    Number(attribute(thread, 'id')),
  );
  const count = Math.max(Number(textOf(child(domain, 'iothreads')) || 0), named.length);
  const ids = new Set(named);
  for (let id = 1; ids.size < count; id += 1) ids.add(id);
  return [...ids].sort((a, b) => a - b);
}

/** The name of the domain's processor architecture: `x86_64`. */
export function archOf(domain: Element): string {
  return attribute(at(domain, 'os', 'type'), 'arch') ?? '';
}

/** The number of vCPUs that the domain can have, and has at its start. */
export function vcpusOf(domain: Element): { max: number; current: number } {
  const vcpu = child(domain, 'vcpu');
  const max = Number(textOf(vcpu) || 1);
  return { max, current: Number(attribute(vcpu, 'current') ?? max) };
}
