import type { DiskArgs } from './domain-args.ts';
import { disksOf } from './domain-element.ts';
import { addChild, attribute, child, children, type Element, ensureChild, remove, setAttribute } from './xml.ts';

/** Arguments that are plain attributes of `<driver>`. */
const plain = ['cache', 'io', 'discard', 'detect_zeroes', 'error_policy', 'queues', 'queue_size'] as const;

/** Sets the given attributes of the disks' drivers; a disk that is not there is left to the rules. */
export function editDisks(domain: Element, disks: Readonly<Record<string, DiskArgs>>): void {
  const present = disksOf(domain);
  for (const [target, wanted] of Object.entries(disks)) {
    const disk = present.get(target);
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
  // libvirt takes one thread or a mapping over several, never both.
  if (wanted.iothread !== undefined) {
    for (const mapping of children(driver, 'iothreads')) remove(mapping);
    setAttribute(driver, 'iothread', String(wanted.iothread));
  }
  if (wanted.iothreads !== undefined && threadsOf(driver) !== wanted.iothreads.join()) {
    setAttribute(driver, 'iothread', undefined);
    for (const mapping of children(driver, 'iothreads')) remove(mapping);
    const mapping = ensureChild(driver, 'iothreads');
    for (const id of wanted.iothreads) addChild(mapping, 'iothread', { id: String(id) });
  }
}

function threadsOf(driver: Element): string | undefined {
  const mapping = child(driver, 'iothreads');
  return (
    mapping &&
    children(mapping, 'iothread')
      .map(thread => attribute(thread, 'id'))
      .join()
  );
}
