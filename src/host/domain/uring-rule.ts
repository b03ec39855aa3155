import { disksOf } from '../libvirt/domain-element.ts';
import { attribute, child, type Element } from '../libvirt/xml.ts';
import type { DiskArgs } from './args.ts';
import { bypassesHostCache } from './check-disks.ts';
import type { Illegal } from './illegal.ts';
import { isCifs, type Storage } from './storage.ts';
import { noUring, type Uring } from './uring.ts';

/** Where the disks of a domain lie, and what io_uring depends on. */
export interface UringHost {
  readonly storage: readonly Storage[];
  readonly uring: Uring;
}

/**
 * What can go wrong with io_uring where it is allowed all the same; undefined where nothing is
 * known.
 */
export interface Risk {
  readonly risk: string | undefined;
}

/**
 * Whether these arguments of a disk can leave it with io_uring: they ask for it, or give a disk
 * that may have it the host's cache.
 */
function mayHaveUring({ cache, io }: DiskArgs): boolean {
  return io === 'io_uring' || (io === undefined && cache !== undefined && !bypassesHostCache(cache));
}

/** The disks of which {@link mayHaveUring} holds, by target. */
export function uringDisks(named: Readonly<Record<string, DiskArgs>> = {}): readonly string[] {
  return Object.entries(named).flatMap(([target, disk]) => (mayHaveUring(disk) ? [target] : []));
}

/**
 * Whether a disk may have io_uring with this cache: not where the host lacks it, or where it is
 * sure to hang.
 */
export function ruleUring(storage: Storage, cache: string | undefined, uring: Uring): Illegal | Risk {
  const lacking = noUring(uring);
  if (lacking) return { message: `cannot have io=io_uring: ${lacking}`, advice: 'Say io: native or threads.' };
  const risk = uringHangs(storage, cache);
  if (risk === undefined || bypassesHostCache(cache)) return { risk };
  return { message: `cannot have io=io_uring: ${risk}`, advice: 'Say cache: none, or io: threads.' };
}

/**
 * {@link ruleUring} for those of the named disks that have io_uring in the edited domain: the first
 * that may not, or every risk.
 */
export function ruleUringDisks(
  domain: Element,
  named: Readonly<Record<string, DiskArgs>>,
  { storage, uring }: UringHost,
): Illegal | { readonly risks: readonly string[] } {
  const disks = disksOf(domain);
  const risks: string[] = [];
  for (const target of uringDisks(named)) {
    const driver = child(disks.get(target), 'driver');
    const place = storage.find(one => one.target === target);
    if (!place || attribute(driver, 'io') !== 'io_uring') continue;
    const ruling = ruleUring(place, attribute(driver, 'cache'), uring);
    if ('message' in ruling) return { ...ruling, message: `disk ${target} ${ruling.message}` };
    if (ruling.risk !== undefined) risks.push(`disk ${target}: ${ruling.risk}`);
  }
  return { risks };
}

/** Why io_uring is known to hang there; what Proxmox found when it was their default. */
export function uringHangs(storage: Storage, cache: string | undefined): string | undefined {
  if (storage.lvm) return 'io_uring is known to hang on LVM, rarely with cache=none and surely with the host cache';
  if (isCifs(storage)) return 'io_uring is known to hang on CIFS';
  if (storage.type === 'volume')
    return 'io_uring is known to hang on LVM, and where a volume of a storage pool lies is not looked up';
  const rbd = storage.devices.some(({ name }) => name.startsWith('rbd'));
  return rbd && !bypassesHostCache(cache)
    ? 'io_uring is known to hang on a mapped RBD image with the host cache'
    : undefined;
}
