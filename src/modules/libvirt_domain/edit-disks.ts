import type { DiskArgs } from '../../host/domain/args.ts';
import { mapThreads } from '../../host/domain/edit-mapping.ts';
import { disksOf } from '../../host/libvirt/domain-element.ts';
import { addChild, child, type Element, setAttribute } from '../../host/libvirt/xml.ts';
import { moveDisk } from './edit-bus.ts';

/** Arguments that are plain attributes of `<driver>`. */
const plain = ['cache', 'io', 'discard', 'detect_zeroes', 'error_policy', 'queues', 'queue_size'] as const;

/**
 * Sets the given bus and attributes of the disks; a disk that is not there is left to the rules.
 */
export function editDisks(domain: Element, disks: Readonly<Record<string, DiskArgs>>): void {
  const present = disksOf(domain);
  for (const [target, { bus, drivers_present: _, ...wanted }] of Object.entries(disks)) {
    const disk = present.get(target);
    if (disk && bus !== undefined) moveDisk(domain, disk, bus);
    if (disk && Object.keys(wanted).length > 0) editDriver(driverOf(disk), wanted);
  }
}

function driverOf(disk: Element): Element {
  return child(disk, 'driver') ?? addChild(disk, 'driver', { name: 'qemu' }, []);
}

function editDriver(driver: Element, wanted: DiskArgs): void {
  for (const name of plain) {
    if (wanted[name] !== undefined) setAttribute(driver, name, String(wanted[name]));
  }
  mapThreads(driver, wanted);
}
