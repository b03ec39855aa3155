import { disksOf } from '../../host/libvirt/domain-element.ts';
import { differingParts } from '../../host/libvirt/managed.ts';
import { bytesOf } from '../../host/libvirt/memory-size.ts';
import { attribute, canonical, child, children, type Element, textOf } from '../../host/libvirt/xml.ts';

/**
 * Attributes of a source that say nothing of where it is: the first two are in running documents
 * only.
 */
const aside: ReadonlySet<string> = new Set(['index', 'portid', 'startupPolicy']);

/**
 * Whether a document, of a running domain or of a definition, is of the machine that this
 * definition describes: all that is tuned is the same, and so
 * are its identity, its memory, its disks, its network interfaces and what it boots from. What
 * libvirt fills in while the domain runs counts as the same.
 */
export function sameMachine(definition: Element, other: Element): boolean {
  return differingParts(definition, other).length === 0 && machineOf(definition) === machineOf(other);
}

/** One text for all of a domain that decides which machine it is and which data it works on. */
function machineOf(domain: Element): string {
  const devices = child(domain, 'devices');
  const interfaces = devices ? children(devices, 'interface') : [];
  const hostDevices = devices ? children(devices, 'hostdev') : [];
  return [
    textOf(child(domain, 'uuid')),
    String(bytesOf(child(domain, 'memory'))),
    bootOf(domain),
    ...[...disksOf(domain)].map(([target, disk]) => `disk ${target} ${deviceOf(disk)}`).sort(),
    ...interfaces.map(one => `${attribute(child(one, 'mac'), 'address')} ${deviceOf(one)}`).sort(),
    ...hostDevices.map(deviceOf).sort(),
  ].join('\n');
}

function deviceOf(device: Element): string {
  const source = child(device, 'source');
  // What a network is made of shows in a running document only: there the interface has the type
  // and the bridge of it.
  const network = attribute(source, 'network');
  const where = network ?? `${attribute(device, 'type')} ${source ? sourceOf(source) : ''}`;
  return `${attribute(device, 'device') ?? ''} ${where} ${attribute(child(device, 'boot'), 'order') ?? ''}`;
}

function sourceOf(source: Element): string {
  const attributes = [...source.attributes]
    .filter(({ name }) => !aside.has(name))
    .map(({ name, value }) => `${name}=${value}`);
  return [...attributes.sort(), ...children(source).map(canonical)].join(' ');
}

function bootOf(domain: Element): string {
  const os = child(domain, 'os');
  const devices = (os ? children(os, 'boot') : []).map(boot => attribute(boot, 'dev'));
  const files = ['kernel', 'initrd', 'cmdline'].map(name => textOf(child(os, name)));
  return [...devices, ...files].join(' ');
}
