import { createHash } from 'node:crypto';
import { disksOf } from '../../host/libvirt/domain-element.ts';
import { addChild, at, attribute, child, type Element, remove, setAttribute } from '../../host/libvirt/xml.ts';

/** A CD-ROM drive of a domain. */
export interface Drive {
  readonly target: string;
  readonly element: Element;
  /** The file in it; '' for none, or something that is not a file. */
  readonly file: string;
  readonly empty: boolean;
  /** Its name in the definition, if somebody gave it one (`ua-…`). */
  readonly alias: string;
}

/** The CD-ROM drives, in the order of the document. */
export function drivesOf(domain: Element): readonly Drive[] {
  return [...disksOf(domain)]
    .filter(([, disk]) => attribute(disk, 'device') === 'cdrom')
    .map(([target, element]) => {
      const source = child(element, 'source');
      const file = attribute(source, 'file') ?? '';
      const empty = !source || (attribute(element, 'type') === 'file' && file === '');
      return { target, element, file, empty, alias: attribute(child(element, 'alias'), 'name') ?? '' };
    });
}

/**
 * Puts a file into a drive, or nothing. What belonged to a medium on the network or in a pool goes
 * with it.
 */
export function setMedia(drive: Drive, file: string | undefined): void {
  const { element } = drive;
  const source = child(element, 'source');
  const type = attribute(element, 'type') ?? 'file';
  if (file !== undefined && source && type === 'file') {
    setAttribute(source, 'file', file);
    return;
  }
  for (const part of [source, child(element, 'auth')]) if (part) remove(part);
  // A network drive without a source is not a valid drive; one of a host's device is an empty one.
  if (file !== undefined || type !== 'block') setAttribute(element, 'type', 'file');
  if (file !== undefined) addChild(element, 'source', optional(file), ['driver']);
}

/**
 * Adds a drive on the bus that the machine has: sata on q35, ide on pc, scsi elsewhere. Its address
 * is libvirt's to choose.
 * @param images what is to be in it, a path or a pattern; {@link isMadeFor} knows the drive by it
 * @returns its target, or undefined where the bus is full.
 */
export function addDrive(
  domain: Element,
  { file, images, target }: { readonly file: string; readonly images: string; readonly target: string | undefined },
): string | undefined {
  const bus = busOf(domain);
  const taken = disksOf(domain);
  const letters = bus === 'ide' ? 'abcd' : 'abcdefghijklmnopqrstuvwxyz';
  const prefix = bus === 'ide' ? 'hd' : 'sd';
  const dev = target ?? [...letters].map(letter => prefix + letter).find(name => !taken.has(name));
  const devices = child(domain, 'devices');
  if (dev === undefined || !devices) return undefined;
  const disk = addChild(devices, 'disk', { type: 'file', device: 'cdrom' }, ['emulator', 'disk']);
  addChild(disk, 'driver', { name: 'qemu', type: 'raw' });
  addChild(disk, 'source', optional(file));
  addChild(disk, 'target', { dev, bus });
  addChild(disk, 'readonly');
  addChild(disk, 'alias', { name: aliasFor(images) + dev });
  return dev;
}

/**
 * Whether {@link addDrive} made the drive for these images; libvirt keeps the alias that says so.
 */
export function isMadeFor({ alias, target }: Drive, images: string): boolean {
  return alias === aliasFor(images) + target;
}

/**
 * The aliases of a domain are all different, so the target follows. libvirt takes letters, digits,
 * `-` and `_`.
 */
function aliasFor(images: string): string {
  return `ua-hostwright-${createHash('sha256').update(images).digest('hex').slice(0, 12)}-`;
}

/** With `optional` the guest starts even when the file is gone, with an empty drive. */
function optional(file: string): Readonly<Record<string, string>> {
  return { file, startupPolicy: 'optional' };
}

function busOf(domain: Element): 'sata' | 'ide' | 'scsi' {
  const machine = attribute(at(domain, 'os', 'type'), 'machine') ?? '';
  if (/q35/.test(machine)) return 'sata';
  return /^pc(-i440fx.*|-[0-9.]+)?$/.test(machine) ? 'ide' : 'scsi';
}
