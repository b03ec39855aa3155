import { ensurePart, ioThreadIds } from '../libvirt/domain-element.ts';
import { addChild, attribute, child, children, type Element, remove, removeIfEmpty, setText } from '../libvirt/xml.ts';

/** Ids for a number of I/O threads (1 upwards) or the ids themselves. */
export function wantedIds(threads: number | readonly number[]): readonly number[] {
  if (typeof threads === 'number') return Array.from({ length: threads }, (_, at) => at + 1);
  return [...new Set(threads)].sort((a, b) => a - b);
}

/**
 * Gives the domain exactly these I/O threads; settings of those that stay (polling, pool size) are
 * kept.
 */
export function editIoThreads(domain: Element, threads: number | readonly number[]): void {
  const wanted = wantedIds(threads);
  if (wanted.join() === ioThreadIds(domain).join()) return;
  setText(ensurePart(domain, 'iothreads'), String(wanted.length));
  dropPins(domain, 'iothreadpin', 'iothread', id => !wanted.includes(id));
  const list = child(domain, 'iothreadids');
  const plain = wanted.every((id, at) => id === at + 1);
  if (!list && plain) return;
  const named = list ?? ensurePart(domain, 'iothreadids');
  for (const thread of children(named, 'iothread')) {
    if (!wanted.includes(Number(attribute(thread, 'id')))) remove(thread);
  }
  const kept = children(named, 'iothread').map(thread => Number(attribute(thread, 'id')));
  for (const id of wanted.filter(id => !kept.includes(id))) addChild(named, 'iothread', { id: String(id) });
}

/**
 * Pins of threads that are gone: libvirt rejects those of I/O threads, and drops those of vCPUs.
 */
export function dropPins(domain: Element, kind: string, key: string, gone: (id: number) => boolean): void {
  const tune = child(domain, 'cputune');
  if (!tune) return;
  for (const pin of children(tune, kind)) if (gone(Number(attribute(pin, key)))) remove(pin);
  removeIfEmpty(tune);
}
