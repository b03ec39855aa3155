import {
  attribute,
  canonical,
  child,
  children,
  type Element,
  remove,
  removeIfEmpty,
} from '../../src/host/libvirt/xml.ts';

/**
 * A path of what an edit owns: names of elements from the root on, `[name=value]` behind one, or
 * several, for those with that attribute, `@name` at the end for an attribute. A disk has the `dev`
 * of its target.
 */
export type OwnedPath = string;

/**
 * The document without what is owned, one element a line. Elements that held nothing else are gone
 * as well, and devices are sorted: libvirt sorts disks by their bus.
 */
export function withoutOwned(domain: Element, paths: readonly OwnedPath[]): string {
  for (const path of paths) take(domain, path.split('/'));
  const devices = child(domain, 'devices');
  const sorted = devices ? children(devices).map(canonical).sort() : [];
  if (devices) remove(devices);
  return [canonical(domain), ...sorted].join('').replaceAll('><', '>\n<');
}

function take(from: Element, [step, ...rest]: readonly string[]): void {
  if (step!.startsWith('@')) {
    from.removeAttribute(step!.slice(1));
    return;
  }
  const name = step!.replace(/\[.*/, '');
  const wanted = [...step!.matchAll(/\[(\w+)=([^\]]*)\]/g)];
  for (const element of children(from, name)) {
    const has = (key: string) => attribute(key === 'dev' ? child(element, 'target') : element, key);
    if (wanted.some(([, key, value]) => has(key!) !== value)) continue;
    if (rest.length === 0) remove(element);
    else take(element, rest);
    if (element.parentNode) removeIfEmpty(element);
  }
}
