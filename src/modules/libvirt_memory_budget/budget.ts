import type { Guest } from '../../host/memory/guests.ts';
import type { Pages } from '../../host/memory/pages.ts';
import { formatSize } from '../../host/size.ts';

const gibibyte = 2 ** 30;

/** What a host has and what is asked of it, in bytes. */
export interface Budget {
  readonly memory: number;
  /** Of guests that are not on huge pages. */
  readonly guests: number;
  /** The pool, or what guests on huge pages need if that is more. */
  readonly hugePages: number;
  /** For the host itself and half a GiB for the QEMU of each guest. */
  readonly reserve: number;
  readonly fits: boolean;
  /** The sum in words. */
  readonly why: string;
}

/**
 * Whether all guests that run or start with the host have their memory at once: their sum, the huge
 * pages, max(4 GiB, 10 %) and half a GiB for each guest against the host's memory.
 * @param kept bytes that replace max(4 GiB, 10 %); undefined for that rule.
 */
export function budgetOf(pages: Pages, guests: readonly Guest[], kept: number | undefined): Budget {
  const memory = pages.nodes.reduce((sum, node) => sum + node.memory, 0);
  const pools = pages.nodes.flatMap(node => [...node.pools]).reduce((sum, [size, { total }]) => sum + size * total, 0);
  const of = (some: readonly Guest[]): number => some.reduce((sum, guest) => sum + guest.memory, 0);
  const plain = of(guests.filter(guest => !guest.onHugePages));
  const hugePages = Math.max(pools, of(guests.filter(guest => guest.onHugePages)));
  const reserve = (kept ?? Math.max(4 * gibibyte, memory / 10)) + (guests.length * gibibyte) / 2;
  const fits = plain + hugePages + reserve <= memory;
  const huge = hugePages > 0 ? `, huge pages ${round(hugePages)}` : '';
  const why =
    `${guests.length} ${guests.length === 1 ? 'guest takes' : 'guests take'} ` +
    `${round(plain)}${huge}, the host keeps ${round(reserve)} of ${round(memory)}`;
  return { memory, guests: plain, hugePages, reserve, fits, why };
}

function round(bytes: number): string {
  return bytes % 2 ** 20 === 0 && bytes < gibibyte ? formatSize(bytes) : `${(bytes / gibibyte).toFixed(1)} GiB`;
}
