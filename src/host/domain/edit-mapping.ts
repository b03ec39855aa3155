import {
  addChild,
  attribute,
  child,
  children,
  type Element,
  ensureChild,
  remove,
  setAttribute,
} from '../libvirt/xml.ts';

/** One I/O thread, or several for the queues; what is not given stays. */
export interface ThreadMapping {
  readonly iothread?: number | undefined;
  readonly iothreads?: readonly number[] | undefined;
}

/**
 * Maps the driver of a disk or a controller to I/O threads: libvirt takes one thread or a mapping
 * over several, never both.
 */
export function mapThreads(driver: Element, wanted: ThreadMapping): void {
  if (wanted.iothread !== undefined) {
    for (const mapping of children(driver, 'iothreads')) remove(mapping);
    setAttribute(driver, 'iothread', String(wanted.iothread));
  }
  if (wanted.iothreads !== undefined && mappedThreads(driver).join() !== wanted.iothreads.join()) {
    setAttribute(driver, 'iothread', undefined);
    for (const mapping of children(driver, 'iothreads')) remove(mapping);
    const mapping = ensureChild(driver, 'iothreads');
    for (const id of wanted.iothreads) addChild(mapping, 'iothread', { id: String(id) });
  }
}

/** Ids of the threads that a driver's queues are mapped over. */
export function mappedThreads(driver: Element | undefined): readonly string[] {
  const mapping = child(driver, 'iothreads');
  return mapping ? children(mapping, 'iothread').map(thread => attribute(thread, 'id') ?? '') : [];
}
