import { certain } from '../../errors.ts';
import { disksOf, isVirtioScsi, scsiControllers } from '../../host/libvirt/domain-element.ts';
import { addChild, attribute, child, children, type Element, remove, setAttribute } from '../../host/libvirt/xml.ts';

/** What virtio-blk has in its driver, and a disk of a controller has not. */
const ofVirtioBlk = [
  'queues',
  'queue_size',
  'iothread',
  'ioeventfd',
  'event_idx',
  'iommu',
  'ats',
  'packed',
  'page_per_vq',
];

/**
 * Moves a disk to another bus. Its target keeps its name, by which the arguments know it; the guest
 * never sees that. On virtio libvirt chooses the address; on scsi it is a free unit of the first
 * virtio-scsi controller, made where there is none: libvirt itself would make one of another model.
 */
export function moveDisk(domain: Element, disk: Element, bus: 'virtio' | 'scsi'): void {
  const target = certain(child(disk, 'target'), 'the <target> of a disk');
  if (attribute(target, 'bus') === bus) return;
  setAttribute(target, 'bus', bus);
  setAttribute(target, 'removable', undefined);
  for (const address of children(disk, 'address')) remove(address);
  if (bus === 'virtio') {
    setAttribute(target, 'rotation_rate', undefined);
    return;
  }
  setAttribute(disk, 'model', undefined);
  const driver = child(disk, 'driver');
  if (driver) {
    for (const name of ofVirtioBlk) setAttribute(driver, name, undefined);
    for (const mapping of children(driver, 'iothreads')) remove(mapping);
  }
  const controller = virtioScsiController(domain);
  addChild(disk, 'address', { type: 'drive', controller, bus: '0', target: '0', unit: freeUnit(domain, controller) });
}

function virtioScsiController(domain: Element): string {
  const all = scsiControllers(domain);
  const [found] = [...all].find(([, element]) => isVirtioScsi(element)) ?? [];
  if (found !== undefined) return found;
  const index = String(all.size);
  addScsiController(domain, index);
  return index;
}

/** Adds a virtio-scsi controller without a disk. */
export function addScsiController(domain: Element, index: string): Element {
  const devices = certain(child(domain, 'devices'), 'the <devices> of a guest');
  return addChild(devices, 'controller', { type: 'scsi', index, model: 'virtio-scsi' }, [
    'emulator',
    'disk',
    'controller',
  ]);
}

function freeUnit(domain: Element, controller: string): string {
  const addresses = [...disksOf(domain).values()]
    .filter(disk => attribute(child(disk, 'target'), 'bus') === 'scsi')
    .flatMap(disk => children(disk, 'address'))
    .filter(address => attribute(address, 'controller') === controller);
  const taken = new Set(addresses.map(address => Number(attribute(address, 'unit'))));
  let unit = 0;
  while (taken.has(unit)) unit += 1;
  return String(unit);
}
