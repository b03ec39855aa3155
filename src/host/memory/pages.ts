import { accept, CannotTell } from '../../shell/answer.ts';
import { sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';

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

/** Where the pages of a size on a node are set. */
export function poolPath(pages: Pages, node: number, size: number): string {
  const pool = `hugepages-${size / 1024}kB/nr_hugepages`;
  return pages.nodes.length === 1 && node === 0
    ? `/sys/kernel/mm/hugepages/${pool}`
    : `/sys/devices/system/node/node${node}/hugepages/${pool}`;
}

/** Probe sections for memory and its pools. */
export const pageSections = {
  memory: sh`grep -H -E '^(Node [0-9]+ )?MemTotal:' /proc/meminfo $(ls /sys/devices/system/node/node*/meminfo 2>/dev/null)`,
  pools: sh`for at in /sys/kernel/mm/hugepages/* /sys/devices/system/node/node*/hugepages/*; do
  [ -e "$at/nr_hugepages" ] || continue
  echo "$at $(cat "$at/nr_hugepages") $(cat "$at/free_hugepages")" || exit 1
done`,
  // Processors that are not x86 print no flags; there the pool of 1 GiB pages says it all.
  gigantic: sh`grep -m 1 -E '^flags[[:space:]]*:' /proc/cpuinfo || echo other`,
};

/** @throws CannotTell */
export function readPages(answer: Answer): Pages {
  const flags = accept(answer, 'gigantic', [0], 'grep').stdout;
  const memory = accept(answer, 'memory', [0], 'grep').stdout;
  const pools = accept(answer, 'pools', [0], 'The look at the huge pages').stdout;
  const found = [...memory.matchAll(/node(\d+)\/meminfo:.*MemTotal:\s*(\d+) kB/g)];
  const whole = /^\/proc\/meminfo:MemTotal:\s*(\d+) kB/m.exec(memory);
  if (!whole) throw new CannotTell('the kernel printed no MemTotal');
  const nodes = found.map(match => ({ id: Number(match[1]), memory: Number(match[2]) * 1024 }));
  const all = nodes.length > 0 ? nodes : [{ id: 0, memory: Number(whole[1]) * 1024 }];
  return {
    gigantic: !flags.startsWith('flags') || / pdpe1gb( |$)/m.test(flags),
    nodes: all
      .sort((a, b) => a.id - b.id)
      .map(node => ({ ...node, pools: poolsOf(pools, all.length > 1 ? `node${node.id}/hugepages` : 'mm/hugepages') })),
  };
}

function poolsOf(text: string, folder: string): ReadonlyMap<number, Pool> {
  const rows = text.split('\n').map(line => /^(\S*)\/hugepages-(\d+)kB (\d+) (\d+)$/.exec(line));
  const ours = rows.filter(row => row?.[1]?.endsWith(`/${folder}`));
  return new Map(ours.map(row => [Number(row![2]) * 1024, { total: Number(row![3]), free: Number(row![4]) }]));
}
