import { formatCpuList, parseCpuList } from '../../host/cpu/cpu-list.ts';
import { pools } from '../../host/memory/pages.ts';
import type { Resource } from '../../shell/answer.ts';
import type { PlannedGuest } from './guest.ts';
import { coresFor, type Layout } from './lay-out.ts';
import { fits, lackOf, type Room, without } from './room.ts';
import type { Args } from './schema.ts';
import type { Core } from './topology.ts';

/** What there is to be shared out. */
export interface PlanHost {
  readonly cores: readonly Core[];
  /** CPUs that domains outside the plan are pinned to. */
  readonly others: readonly number[];
  /**
   * What the nodes have for the guests of the plan; undefined where memory need not be looked at.
   */
  readonly room: Room | undefined;
}

/** The pins of one domain, as libvirt_domain takes them. */
export interface GuestPlan {
  readonly nodes: readonly number[];
  readonly cputune: {
    readonly vcpupin: Readonly<Record<string, string>>;
    readonly emulatorpin: string;
    readonly iothreadpin: Readonly<Record<string, string>>;
  };
  /** false: the memory may come from anywhere. */
  readonly numatune: { readonly mode: string; readonly nodeset: string } | false;
}

/** A plan for the host, with a line for each decision; or why there is none. */
export type CpuPlan =
  | {
      readonly housekeeping: string;
      readonly domains: Readonly<Record<string, GuestPlan>>;
      readonly explanation: readonly string[];
    }
  | { readonly refusal: string; readonly advice?: string; readonly needs?: readonly Resource[] };

/** CPUs for each vCPU of a guest. */
interface Place {
  readonly cpus: readonly (readonly number[])[];
  readonly nodes: readonly number[];
  readonly memoryNodes: readonly number[];
}

/**
 * Places guests on whole cores, so that no two guests share one. The same topology, guests and
 * arguments always give the same plan: guests are placed in the order given, pins that are valid
 * stay, and nothing that changes from minute to minute (free memory, load) is looked at: of memory
 * it counts what the nodes have and the guests are defined with.
 */
export function planCpus(args: Args, host: PlanHost, guests: readonly PlannedGuest[]): CpuPlan {
  if (args.smt !== 'auto') return placeAll(args, host, guests);
  const roomy = placeAll(args, host, guests);
  // Rather threads that share a core than a guest without one.
  return 'refusal' in roomy ? placeAll({ ...args, smt: 'pair' }, host, guests) : roomy;
}

/** How far a plan has come. */
interface Progress {
  /** CPUs that stay with the host. */
  readonly house: readonly number[];
  /** Cores that guests may share, and those of them that no guest has. */
  readonly usable: readonly Core[];
  readonly free: readonly Core[];
  readonly room: Room | undefined;
  readonly places: ReadonlyMap<string, Place>;
  readonly explanation: readonly string[];
}

type Refusal = Extract<CpuPlan, { refusal: string }>;

function placeAll(args: Args, host: PlanHost, guests: readonly PlannedGuest[]): CpuPlan {
  const { cores, others } = host;
  const house = housekeeping(args, cores);
  if ('refusal' in house) return house;
  const usable = cores.filter(core => !core.cpus.some(cpu => house.cpus.includes(cpu)));
  const free = usable.filter(core => !core.cpus.some(cpu => others.includes(cpu)));
  const explanation = [`CPUs ${formatCpuList(house.cpus)} stay with the host (${house.why})`];
  const begun: Progress = { house: house.cpus, usable, free, room: host.room, places: new Map(), explanation };
  const kept = guests.reduce((before, guest) => keep(args, before, guest), begun);
  let progress = kept;
  for (const guest of guests.filter(({ name }) => !kept.places.has(name))) {
    const next = place(args, progress, guest);
    if ('refusal' in next) return next;
    progress = next;
  }
  const domains = guests.flatMap(guest => {
    const found = progress.places.get(guest.name);
    return found ? [[guest.name, pinsOf(args, guest, { place: found, house: house.cpus, cores })] as const] : [];
  });
  return {
    housekeeping: formatCpuList(house.cpus),
    domains: Object.fromEntries(domains),
    explanation: progress.explanation,
  };
}

/** A guest whose pins are valid stays where it is. */
function keep(args: Args, progress: Progress, guest: PlannedGuest): Progress {
  const kept = keptPins(guest, progress.free, args);
  if (!kept || !hasRoom(args, guest, { nodes: kept.nodes, room: progress.room })) return progress;
  return settle(args, progress, { guest, found: kept, how: `keeps its pins on node ${kept.nodes.join(', ')}` });
}

function place(args: Args, progress: Progress, guest: PlannedGuest): Progress | Refusal {
  const { free, house, room, usable } = progress;
  const roomy = (core: Core): boolean => hasRoom(args, guest, { nodes: [core.node], room });
  const placed = coresFor(guest, free.filter(roomy), args);
  const shared = placed ?? (args.overcommit ? share(guest, usable.filter(roomy)) : undefined);
  if (shared) {
    const how =
      `gets CPUs ${formatCpuList(shared.cpus.flat())} of node ` +
      `${shared.nodes.join(', ')}${placed ? '' : ', shared with others'}`;
    return settle(args, progress, { guest, found: { cores: [], ...shared }, how });
  }
  const lack = coresFor(guest, free, args) && room && lackOf(room, guest.memory);
  if (lack) return { refusal: `${guest.name} needs ${lack}`, advice: moreMemory, needs: [pools] };
  return {
    refusal:
      `${guest.name} has ${guest.vcpus} vCPUs, and ${freeCpus(free, args)} (CPUs ` +
      `${formatCpuList(house)} stay with the host)`,
  };
}

function settle(
  args: Args,
  progress: Progress,
  {
    found,
    guest,
    how,
  }: { found: Omit<Place, 'memoryNodes'> & Pick<Layout, 'cores'>; guest: PlannedGuest; how: string },
): Progress {
  const { explanation, free, places, room } = progress;
  const memoryNodes = memoryNodesOf(args, guest, { nodes: found.nodes, room });
  return {
    ...progress,
    free: free.filter(core => !found.cores.includes(core)),
    room: room && without(room, memoryNodes, guest.memory),
    places: new Map([...places, [guest.name, { cpus: found.cpus, nodes: found.nodes, memoryNodes }]]),
    explanation: [...explanation, `${guest.name} ${how}`],
  };
}

const moreMemory =
  'Give the guest less memory, make more huge pages on one node (hugepages: per_node), or ' +
  'say numa: interleave or none.';

interface Where {
  readonly nodes: readonly number[];
  readonly room: Room | undefined;
}

/** Whether the nodes have the memory of a guest that gets it from nowhere else. */
function hasRoom({ numa }: Args, { memory }: PlannedGuest, { nodes, room }: Where): boolean {
  return numa !== 'strict' || !room || fits(room, nodes, memory);
}

/**
 * Where the memory comes from: the nodes of the CPUs, or all where it is interleaved and does not
 * fit there.
 */
function memoryNodesOf({ numa }: Args, { memory }: PlannedGuest, { nodes, room }: Where): readonly number[] {
  return numa === 'interleave' && room && !fits(room, nodes, memory) ? [...room.keys()] : nodes;
}

function housekeeping(
  args: Args,
  cores: readonly Core[],
): { cpus: readonly number[]; why: string } | { refusal: string } {
  const all = cores.flatMap(core => core.cpus);
  if (args.reserved_cpus !== 'auto') {
    const cpus = parseCpuList(args.reserved_cpus) ?? [];
    const missing = cpus.filter(cpu => !all.includes(cpu));
    if (missing.length > 0)
      return { refusal: `reserved_cpus names CPU ${formatCpuList(missing)}, which is offline or missing` };
    return cpus.length === 0 ? { refusal: 'reserved_cpus leaves the host no CPU' } : { cpus, why: 'reserved_cpus' };
  }
  const nodes = [...new Set(cores.map(core => core.node))];
  const first = nodes.flatMap(node => cores.find(core => core.node === node) ?? []);
  return {
    cpus: first.flatMap(core => core.cpus),
    why: nodes.length === 1 ? 'the first core' : 'the first core of each node',
  };
}

/**
 * The pins that a guest has, if each vCPU has one CPU of its own on free cores (and, with numa
 * strict, of one node).
 */
function keptPins(guest: PlannedGuest, free: readonly Core[], args: Args) {
  const cpus = Array.from({ length: guest.vcpus }, (_, vcpu) => guest.pins.get(vcpu) ?? []);
  const flat = cpus.flat();
  if (cpus.some(list => list.length !== 1) || new Set(flat).size !== guest.vcpus) return undefined;
  const cores = free.filter(core => core.cpus.some(cpu => flat.includes(cpu)));
  const open = cores.flatMap(core => core.cpus);
  const nodes = [...new Set(cores.map(core => core.node))];
  if (!flat.every(cpu => open.includes(cpu)) || (args.numa !== 'interleave' && nodes.length > 1)) return undefined;
  return { cores, cpus, nodes };
}

/** All vCPUs on all guest CPUs of the node with the most of them: the kernel shares them out. */
function share(guest: PlannedGuest, usable: readonly Core[]) {
  const nodes = [...new Set(usable.map(core => core.node))];
  const size = (node: number): number => usable.filter(core => core.node === node).length;
  const node = nodes.sort((a, b) => size(b) - size(a) || a - b)[0];
  if (node === undefined) return undefined;
  const cpus = usable.filter(core => core.node === node).flatMap(core => core.cpus);
  return { cpus: Array.from({ length: guest.vcpus }, () => cpus), nodes: [node] };
}

function pinsOf(
  args: Args,
  guest: PlannedGuest,
  { cores, house, place }: { place: Place; house: readonly number[]; cores: readonly Core[] },
): GuestPlan {
  const near = cores.filter(core => place.nodes.includes(core.node)).flatMap(core => core.cpus);
  const local = house.filter(cpu => near.includes(cpu));
  const helpers = formatCpuList(local.length > 0 ? local : house);
  const list = (given: Args['emulator']): string =>
    given === 'housekeeping' ? helpers : formatCpuList(parseCpuList(given) ?? []);
  const threads = Object.fromEntries(guest.ioThreads.map(id => [String(id), list(args.iothread)]));
  return {
    nodes: place.nodes,
    cputune: {
      vcpupin: Object.fromEntries(place.cpus.map((cpus, vcpu) => [String(vcpu), formatCpuList(cpus)])),
      emulatorpin: list(args.emulator),
      iothreadpin: threads,
    },
    numatune: args.numa === 'none' ? false : { mode: args.numa, nodeset: formatCpuList(place.memoryNodes) },
  };
}

function freeCpus(free: readonly Core[], args: Args): string {
  const nodes = [...new Set(free.map(core => core.node))];
  if (nodes.length === 0) return 'no core is free';
  const each = nodes.map(
    node => `${free.filter(core => core.node === node).flatMap(core => core.cpus).length} CPUs on node ${node}`,
  );
  return (
    'there are free only ' +
    `${each.join(' and ')}${args.numa === 'strict' && nodes.length > 1 ? '; with numa: strict one node must do' : ''}`
  );
}
