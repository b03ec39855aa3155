import { CannotTell, type Resource } from '../../shell/answer.ts';
import { all, type Look, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';

/** Pages of one size on one node. */
export interface Pool {
  readonly total: number;
  readonly free: number;
}

/** A NUMA node; sizes in bytes. A host without NUMA has node 0. */
export interface MemoryNode {
  readonly id: number;
  readonly memory: number;
  /** By page size. */
  readonly pools: ReadonlyMap<number, Pool>;
}

/** Huge pages by node, and what the CPU can. */
export interface Pages {
  readonly nodes: readonly MemoryNode[];
  /** The CPU has 1 GiB pages, where that can be asked. */
  readonly gigantic: boolean;
}

/** All pools of huge pages, as what a task alters or needs. */
export const pools: Resource = { kind: 'path', name: '/sys/kernel/mm/hugepages' };

/** Where the pages of a size on a node are set. */
export function poolPath(pages: Pages, node: number, size: number): string {
  const pool = `hugepages-${size / 1024}kB/nr_hugepages`;
  return pages.nodes.length === 1 && node === 0
    ? `/sys/kernel/mm/hugepages/${pool}`
    : `/sys/devices/system/node/node${node}/hugepages/${pool}`;
}

/** The pages of a size on a node; none where the kernel has no such size. */
export function poolOf({ pools }: MemoryNode, size: number): Pool {
  return pools.get(size) ?? { total: 0, free: 0 };
}

/** Memory and its pools of huge pages. @throws CannotTell */
export const pages: Look<Pages> = map(
  all({
    memory: printed(
      'grep',
      sh`grep -H -E '^(Node [0-9]+ )?MemTotal:' /proc/meminfo $(ls /sys/devices/system/node/node*/meminfo 2>/dev/null)`,
    ),
    pools: printed(
      'The look at the huge pages',
      sh`for at in /sys/kernel/mm/hugepages/* /sys/devices/system/node/node*/hugepages/*; do
  [ -e "$at/nr_hugepages" ] || continue
  echo "$at $(cat "$at/nr_hugepages") $(cat "$at/free_hugepages")" || exit 1
done`,
    ),
    // Processors that are not x86 print no flags; there the pool of 1 GiB pages says it all.
    gigantic: printed('grep', sh`grep -m 1 -E '^flags[[:space:]]*:' /proc/cpuinfo || echo other`),
  }),
  ({ memory, pools, gigantic }) => {
    const nodes = memoryIn(memory);
    const folder = (id: number) => (nodes.length > 1 ? `node${id}/hugepages` : 'mm/hugepages');
    return {
      gigantic: !gigantic.startsWith('flags') || / pdpe1gb( |$)/m.test(gigantic),
      nodes: nodes.map(node => ({ ...node, pools: poolsOf(pools, folder(node.id)) })),
    };
  },
);

/** Bytes by node. @throws CannotTell */
function memoryIn(text: string): readonly Omit<MemoryNode, 'pools'>[] {
  const [, whole] = /^\/proc\/meminfo:MemTotal:\s*(\d+) kB/m.exec(text) ?? [];
  if (whole === undefined) throw new CannotTell('the kernel printed no MemTotal');
  const found = [...text.matchAll(/node(\d+)\/meminfo:.*MemTotal:\s*(\d+) kB/g)];
  const nodes = found.map(([, id, memory]) => ({ id: Number(id), memory: Number(memory) * 1024 }));
  if (nodes.length === 0) return [{ id: 0, memory: Number(whole) * 1024 }];
  return nodes.toSorted((a, b) => a.id - b.id);
}

function poolsOf(text: string, folder: string): ReadonlyMap<number, Pool> {
  const rows = [...text.matchAll(/^(\S*)\/hugepages-(\d+)kB (\d+) (\d+)$/gm)];
  const ours = rows.filter(([, at]) => at?.endsWith(`/${folder}`));
  return new Map(
    ours.map(([, , size, total, free]) => [Number(size) * 1024, { total: Number(total), free: Number(free) }]),
  );
}
