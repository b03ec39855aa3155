import { formatSize } from '../size.ts';
import type { Guest } from './guests.ts';
import type { Pages } from './pages.ts';

const gibibyte = 2 ** 30;

/** A number of pages of one size for each node. */
export interface Demand {
  readonly size: number;
  /** Pages by node. */
  readonly perNode: ReadonlyMap<number, number>;
}

/**
 * Why so many huge pages would starve the host, as a sentence; undefined if they would not. Pages
 * are unavailable to everything else, and a host that swaps or kills at boot cannot be reached any
 * more. R = max(4 GiB, 10 % of memory), 0.5 GiB for each guest's QEMU, and the memory of guests
 * that are not on huge pages; per node max(2 GiB, 10 %).
 * @param reserve bytes that replace max(4 GiB, 10 %), divided over the nodes; undefined for that
 * rule.
 */
export function starves(
  pages: Pages,
  guests: readonly Guest[],
  demand: Demand,
  reserve: number | undefined,
): string | undefined {
  const total = pages.nodes.reduce((sum, node) => sum + node.memory, 0);
  const others = guests.filter(guest => !guest.onHugePages).reduce((sum, guest) => sum + guest.memory, 0);
  const kept = (reserve ?? Math.max(4 * gibibyte, total / 10)) + (guests.length * gibibyte) / 2 + others;
  const taken = pages.nodes.map(node => bytesOn(node, demand));
  const sum = taken.reduce((all, one) => ({ asked: all.asked + one.asked, kept: all.kept + one.kept }));
  if (sum.asked + sum.kept > total - kept) {
    const parts = others > 0 ? `, of which ${formatSize(others)} for guests without huge pages` : '';
    return `${describe(sum)} do not fit: the host has ${round(total)} and keeps ${round(kept)}${parts}`;
  }
  for (const [at, node] of pages.nodes.entries()) {
    const share = reserve === undefined ? Math.max(2 * gibibyte, node.memory / 10) : reserve / pages.nodes.length;
    const here = taken[at] ?? sum;
    if (here.asked + here.kept > node.memory - share) {
      return `${describe(here)} do not fit on node ${node.id}: it has ${round(node.memory)} and keeps ${round(share)}`;
    }
  }
  return undefined;
}

/** Bytes of the pages that are asked for, and of those of other sizes, which stay. */
interface Taken {
  readonly asked: number;
  readonly kept: number;
}

function bytesOn(node: Pages['nodes'][number], demand: Demand): Taken {
  const others = [...node.pools].filter(([size]) => size !== demand.size);
  const kept = others.reduce((sum, [size, pool]) => sum + size * pool.total, 0);
  return { asked: demand.size * (demand.perNode.get(node.id) ?? 0), kept };
}

function describe({ asked, kept }: Taken): string {
  return kept === 0
    ? `${formatSize(asked)} of huge pages`
    : `${formatSize(asked)} of huge pages, and ${formatSize(kept)} of other sizes that are there,`;
}

function round(bytes: number): string {
  return `${(bytes / gibibyte).toFixed(1)} GiB`;
}
