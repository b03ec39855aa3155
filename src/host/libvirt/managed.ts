import { canonicalCpuList } from '../cpu/cpu-list.ts';
import { disksOf, ioThreadIds, scsiControllers, vcpusOf } from './domain-element.ts';
import { hypervMode, hypervOf, x2apicOf } from './guest-features.ts';
import { bytesOf } from './memory-size.ts';
import { at, attribute, canonical, child, children, type Element } from './xml.ts';

/** Attributes of `<driver>` that matter for I/O. */
const driverAttributes = [
  'cache',
  'io',
  'discard',
  'detect_zeroes',
  'error_policy',
  'queues',
  'queue_size',
  'iothread',
] as const;

/**
 * The parts of a domain that the modules tune, by their names, each as one canonical text. Only
 * these are compared between a running domain and its definition: a live document has ids, aliases,
 * labels and ports that the definition never has.
 */
export function managedParts(domain: Element): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  const set = (name: string, value: string): void => {
    if (value !== '') parts.set(name, value);
  };
  const { max, current } = vcpusOf(domain);
  set('vCPUs', `${current} of ${max}`);
  set('vCPU topology', topologyOf(at(domain, 'cpu', 'topology')));
  set('I/O threads', ioThreadIds(domain).join());
  const tune = child(domain, 'cputune');
  const pins = (kind: string, key: string): string =>
    (tune ? children(tune, kind) : [])
      .map(pin => `${attribute(pin, key) ?? ''}:${canonicalCpuList(attribute(pin, 'cpuset') ?? '')}`)
      .sort()
      .join(' ');
  set('vCPU pins', pins('vcpupin', 'vcpu'));
  set('emulator pin', pins('emulatorpin', ''));
  set('I/O thread pins', pins('iothreadpin', 'iothread'));
  set('NUMA memory', numaTune(child(domain, 'numatune')));
  set('memory backing', memoryBacking(child(domain, 'memoryBacking')));
  const x2apic = x2apicOf(domain);
  set('x2APIC', x2apic === undefined ? '' : String(x2apic));
  set('PV-EOI', attribute(at(domain, 'features', 'apic'), 'eoi') ?? '');
  set('Hyper-V', hypervPart(domain));
  set('clock', clockPart(child(domain, 'clock')));
  set('QEMU arguments', canonical(child(domain, 'qemu:commandline')));
  for (const [target, disk] of disksOf(domain)) {
    set(`disk ${target}`, `${attribute(child(disk, 'target'), 'bus')} ${driver(child(disk, 'driver'))}`);
  }
  for (const [index, controller] of scsiControllers(domain)) {
    set(`SCSI controller ${index}`, `${attribute(controller, 'model')} ${driver(child(controller, 'driver'))}`);
  }
  return parts;
}

/**
 * Parts that libvirt writes into a running domain where the definition leaves them to the host's
 * CPU.
 */
const filledIn: ReadonlySet<string> = new Set(['x2APIC', 'Hyper-V']);

/**
 * Names of the parts that differ, as in {@link managedParts}; those that `other` alone has are left
 * out.
 */
export function differingParts(one: Element, other: Element): readonly string[] {
  const [ours, theirs] = [managedParts(one), managedParts(other)];
  const gone = [...theirs.keys()].filter(name => !ours.has(name) && !name.startsWith('disk ') && !filledIn.has(name));
  return [...[...ours].filter(([name, value]) => theirs.get(name) !== value).map(([name]) => name), ...gone];
}

function driver(element: Element | undefined): string {
  const attributes = driverAttributes.map(name => [name, attribute(element, name)] as const);
  const given = attributes.filter(([, value]) => value !== undefined && value !== 'default');
  return [...given.map(([name, value]) => `${name}=${value}`), canonical(element && child(element, 'iothreads'))].join(
    ' ',
  );
}

function topologyOf(element: Element | undefined): string {
  if (!element) return '';
  return ['sockets', 'dies', 'clusters', 'cores', 'threads'].map(name => attribute(element, name) ?? '1').join(':');
}

function numaTune(element: Element | undefined): string {
  const memory = element && child(element, 'memory');
  if (!memory) return '';
  return `${attribute(memory, 'mode') ?? 'strict'} ${canonicalCpuList(attribute(memory, 'nodeset') ?? '')}`;
}

function memoryBacking(element: Element | undefined): string {
  if (!element) return '';
  const parts = children(element).map(part => {
    if (part.nodeName !== 'hugepages') return canonical(part);
    const pages = children(part, 'page').map(
      page => `${bytesOf(page)}@${canonicalCpuList(attribute(page, 'nodeset') ?? '')}`,
    );
    return `hugepages ${pages.sort().join(' ')}`;
  });
  return parts.sort().join(' ');
}

function hypervPart(domain: Element): string {
  if (hypervMode(domain) !== 'custom') return '';
  return (
    [...hypervOf(domain)]
      .map(one => one.join(' ').trim())
      .sort()
      .join() || 'none'
  );
}

function clockPart(clock: Element | undefined): string {
  const timers = (clock ? children(clock, 'timer') : []).map(timer =>
    ['name', 'present', 'tickpolicy'].map(name => attribute(timer, name) ?? '').join(':'),
  );
  return [attribute(clock, 'offset') ?? 'utc', ...timers.sort()].join(' ');
}
