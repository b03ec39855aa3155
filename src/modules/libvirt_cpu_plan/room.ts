import type { Token } from '../../host/boot/tokens.ts';
import { formatCpuList } from '../../host/cpu/cpu-list.ts';
import type { Share } from '../../host/libvirt/guest-memory.ts';
import { pagesAtBoot } from '../../host/memory/boot-pages.ts';
import type { Pages } from '../../host/memory/pages.ts';
import { formatSize } from '../../host/size.ts';

/**
 * Bytes that each NUMA node has left for guests: huge pages by their size, and plain memory under
 * `undefined`.
 */
export type Room = ReadonlyMap<number, ReadonlyMap<number | undefined, number>>;

/**
 * What the nodes have for guests: their pools as they are or as the next boot makes them, whichever
 * is more, and plain memory without these. It is counted by what is there at all and not by what is
 * free, so that the same host always gives the same plan.
 * @param entry the boot entry; empty where it is not known.
 */
export function roomOf({ nodes }: Pages, entry: readonly Token[]): Room {
  const ids = nodes.map(({ id }) => id);
  const booted = pagesAtBoot(entry, ids);
  return new Map(
    nodes.map(({ id, memory, pools }) => {
      const sizes = new Set([...pools.keys(), ...booted.keys()]);
      const huge = [...sizes].map(size => {
        const count = Math.max(pools.get(size)?.total ?? 0, booted.get(size)?.get(id) ?? 0);
        return [size, count * size] as const;
      });
      const plain = huge.reduce((left, [, bytes]) => left - bytes, memory);
      return [id, new Map<number | undefined, number>([...huge, [undefined, plain]])];
    }),
  );
}

/** Whether the memory of a guest fits these nodes, all of them together. */
export function fits(room: Room, nodes: readonly number[], memory: readonly Share[]): boolean {
  return memory.every(({ bytes, pageSize }) => bytes <= left(room, nodes, pageSize));
}

/**
 * The room without the memory of a guest that has it from these nodes. What does not fit is left
 * out.
 */
export function without(room: Room, nodes: readonly number[], memory: readonly Share[]): Room {
  const next = new Map([...room].map(([node, bytes]) => [node, new Map(bytes)]));
  for (const { bytes, pageSize } of memory) {
    let rest = bytes;
    for (const node of nodes) {
      const has = next.get(node)?.get(pageSize) ?? 0;
      const taken = Math.min(rest, Math.max(has, 0));
      next.get(node)?.set(pageSize, has - taken);
      rest -= taken;
    }
  }
  return next;
}

/** What of a guest's memory fits no single node, in words; undefined where each part fits one. */
export function lackOf(room: Room, memory: readonly Share[]): string | undefined {
  const share = memory.find(one => ![...room.keys()].some(node => fits(room, [node], [one]))) ?? memory[0];
  if (!share) return undefined;
  const { bytes, pageSize } = share;
  const kind = pageSize === undefined ? 'memory' : `huge pages of ${formatSize(pageSize)}`;
  const each = [...room.keys()].map(node => `node ${formatCpuList([node])} ${round(left(room, [node], pageSize))}`);
  return `${round(bytes)} of ${kind}, and left for guests are: ${each.join(', ')}`;
}

function left(room: Room, nodes: readonly number[], pageSize: number | undefined): number {
  return nodes.reduce((sum, node) => sum + (room.get(node)?.get(pageSize) ?? 0), 0);
}

function round(bytes: number): string {
  return bytes % 2 ** 30 === 0 ? `${bytes / 2 ** 30} GiB` : `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
