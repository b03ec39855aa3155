import { disksOf } from './domain-element.ts';
import { addChild, at, attribute, child, type Element, remove, setAttribute } from './xml.ts';

/** A CD-ROM drive of a domain. */
export interface Drive {
  readonly target: string;
  readonly element: Element;
  /** The file in it; '' for none, or something that is no file. */
  readonly file: string;
  readonly empty: boolean;
}

/** The CD-ROM drives, in the order of the document. */
export function drivesOf(domain: Element): readonly Drive[] {
  return [...disksOf(domain)]
    .filter(([, disk]) => attribute(disk, 'device') === 'cdrom')
    .map(([target, element]) => {
      const source = child(element, 'source');
      const file = attribute(source, 'file') ?? '';
      return { target, element, file, empty: !source || (attribute(element, 'type') === 'file' && file === '') };
    });
}

/** Puts a file into a drive, or nothing. What belonged to a medium on the network or in a pool goes with it. */
export function setMedia(drive: Drive, file: string | undefined): void {
  const { element } = drive;
  const source = child(element, 'source');
  const type = attribute(element, 'type') ?? 'file';
  if (file !== undefined && source && type === 'file') {
    setAttribute(source, 'file', file);
    return;
  }
  for (const part of [source, child(element, 'auth')]) if (part) remove(part);
  // A network drive without a source is no valid drive; one of a host's device is an empty one.
  if (file !== undefined || type !== 'block') setAttribute(element, 'type', 'file');
  if (file !== undefined) addChild(element, 'source', optional(file), ['driver']);
}

/**
 * Adds a drive on the bus that the machine has: sata on q35, ide on pc, scsi elsewhere. Its address is libvirt's to choose.
 * @returns its target, or undefined where the bus is full.
 */
export function addDrive(domain: Element, file: string, target: string | undefined): string | undefined {
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
  return dev;
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
