import { boundNodesOf, sharesOf } from '../../host/libvirt/guest-memory.ts';
import type { Element } from '../../host/libvirt/xml.ts';
import type { Pages } from '../../host/memory/pages.ts';

/** A guest that is shut down and started. */
export interface Restarted {
  readonly name: string;
  readonly running: Element;
  readonly definition: Element;
}

/** Huge pages that a guest would not get. */
export interface Lack {
  readonly name: string;
  readonly need: number;
  readonly free: number;
  /** Where its memory has to come from; undefined where that is anywhere. */
  readonly nodes: readonly number[] | undefined;
}

/** Free pages by node, and those that guests give back on nodes that are not known. */
interface Free {
  readonly nodes: Map<number, number>;
  loose: number;
}

/**
 * The first guest that would not get its huge pages, where guests are shut down and started one
 * after the other: each gives back what it has and takes
 * what its definition says, from the nodes that it is bound to.
 */
export function firstLack(pages: Pages, guests: readonly Restarted[]): Lack | undefined {
  const sizes = new Map<number, Free>();
  const freeOf = (size: number): Free => {
    const nodes = new Map(pages.nodes.map(node => [node.id, node.pools.get(size)?.free ?? 0]));
    const free = sizes.get(size) ?? { nodes, loose: 0 };
    sizes.set(size, free);
    return free;
  };
  for (const { name, running, definition } of guests) {
    const ran = boundNodesOf(running);
    for (const { pageSize, bytes } of sharesOf(running)) {
      if (pageSize !== undefined) giveBack(freeOf(pageSize), bytes / pageSize, ran);
    }
    const nodes = boundNodesOf(definition);
    for (const { pageSize, bytes } of sharesOf(definition)) {
      if (pageSize === undefined) continue;
      const need = bytes / pageSize;
      const free = take(freeOf(pageSize), need, nodes);
      if (free < need) return { name, need, free, nodes };
    }
  }
  return undefined;
}

function giveBack(free: Free, count: number, nodes: readonly number[] | undefined): void {
  const [only] = nodes ?? [];
  if (nodes?.length === 1 && only !== undefined) free.nodes.set(only, (free.nodes.get(only) ?? 0) + count);
  else free.loose += count;
}

/** Takes pages as far as there are any; how many there were. */
function take(free: Free, need: number, nodes: readonly number[] | undefined): number {
  const allowed = nodes ?? [...free.nodes.keys()];
  const found = allowed.reduce((sum, node) => sum + (free.nodes.get(node) ?? 0), free.loose);
  let rest = need;
  for (const node of allowed) {
    const taken = Math.min(rest, free.nodes.get(node) ?? 0);
    free.nodes.set(node, (free.nodes.get(node) ?? 0) - taken);
    rest -= taken;
  }
  free.loose -= Math.min(rest, free.loose);
  return found;
}
