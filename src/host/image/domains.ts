import { nameOf } from '../libvirt/domain-element.ts';
import { attribute, child, type Element, textOf } from '../libvirt/xml.ts';

/**
 * Whether a domain has one of these paths anywhere: as a disk, below one, as a drive for firmware.
 */
export function namesOneOf(domain: Element, paths: readonly string[]): boolean {
  return [...domain.getElementsByTagName('*')].some(
    element => [...element.attributes].some(({ value }) => paths.includes(value)) || paths.includes(textOf(element)),
  );
}

/**
 * Whether one of these paths is a disk that a domain may write to. What is below a disk, or a disk
 * that is read-only, is only read.
 */
export function writesToOneOf(domain: Element, paths: readonly string[]): boolean {
  return [...domain.getElementsByTagName('disk')].some(disk => {
    const source = child(disk, 'source');
    const path = attribute(source, 'file') ?? attribute(source, 'dev');
    return path !== undefined && paths.includes(path) && !child(disk, 'readonly');
  });
}

/** The names of domains, each once. */
export function namesOf(domains: readonly Element[]): readonly string[] {
  return [...new Set(domains.map(nameOf))];
}
