import type { PlannedGuest } from './guest.ts';
import type { Args } from './schema.ts';
import type { Core } from './topology.ts';

/**
 * How a guest is laid out over the cores that are free. `pair` fills both threads of a core,
 * `spread` leaves the siblings idle, `fill` takes the second threads only when cores run out.
 */
interface LayoutArgs extends Pick<Args, 'strategy' | 'numa'> {
  readonly smt: Exclude<Args['smt'], 'auto'>;
}

/** Cores for a guest, and a CPU for each vCPU. */
export interface Layout {
  readonly cores: readonly Core[];
  readonly cpus: readonly (readonly number[])[];
  readonly nodes: readonly number[];
}

/**
 * The cores of a guest. One that sees two threads of a core gets two threads of a core. One that
 * takes each of its vCPUs for a core gets cores, and
 * threads of cores only where no node has enough.
 */
export function coresFor(
  { threads, vcpus }: Pick<PlannedGuest, 'threads' | 'vcpus'>,
  free: readonly Core[],
  { numa, smt, strategy }: Pick<Args, 'smt' | 'strategy' | 'numa'>,
): Layout | undefined {
  if (smt !== 'auto') return layOut(vcpus, free, { smt, strategy, numa });
  if (threads > 1) return layOut(vcpus, free, { smt: 'pair', strategy, numa });
  const cores = layOut(vcpus, free, { smt: 'spread', strategy, numa: 'strict' });
  return cores ?? layOut(vcpus, free, { smt: 'fill', strategy, numa });
}

/**
 * Whole cores of one node for a guest, or of all nodes where it may span them; undefined if none
 * has room.
 */
export function layOut(vcpus: number, free: readonly Core[], args: LayoutArgs): Layout | undefined {
  const nodes = [...Map.groupBy(free, core => core.node)];
  // spread: the node with the most room; pack: the one with the least that suffices. Equal ones by
  // number.
  const direction = args.strategy === 'spread' ? -1 : 1;
  const ordered = nodes.sort(([a, one], [b, other]) => direction * (one.length - other.length) || a - b);
  for (const [, cores] of ordered) {
    const found = placeOn(vcpus, cores, args.smt);
    if (found) return found;
  }
  return args.numa === 'strict' ? undefined : placeOn(vcpus, free, args.smt);
}

function placeOn(vcpus: number, cores: readonly Core[], smt: LayoutArgs['smt']): Layout | undefined {
  const taken = take(vcpus, cores, smt);
  if (!taken) return undefined;
  const rows = smt === 'pair' ? taken.flatMap(core => core.cpus) : byThread(taken);
  return {
    cores: taken,
    cpus: rows.slice(0, vcpus).map(cpu => [cpu]),
    nodes: [...new Set(taken.map(core => core.node))].sort((a, b) => a - b),
  };
}

function take(vcpus: number, cores: readonly Core[], smt: LayoutArgs['smt']): readonly Core[] | undefined {
  if (smt === 'spread') return cores.length >= vcpus ? cores.slice(0, vcpus) : undefined;
  if (smt === 'fill' && cores.length >= vcpus) return cores.slice(0, vcpus);
  const taken: Core[] = [];
  let threads = 0;
  for (const core of cores) {
    if (threads >= vcpus) break;
    taken.push(core);
    threads += core.cpus.length;
  }
  return threads >= vcpus ? taken : undefined;
}

/** First threads of all cores, then second ones. */
function byThread(cores: readonly Core[]): readonly number[] {
  const most = Math.max(...cores.map(core => core.cpus.length));
  return Array.from({ length: most }, (_, at) => cores.flatMap(core => core.cpus[at] ?? [])).flat();
}
