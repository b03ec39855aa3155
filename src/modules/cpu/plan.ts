import { type CpuListArgument, formatCpuList, parseCpuList } from './cpu-list.ts';
import type { PlannedGuest } from './guest.ts';
import { layOut, type Smt } from './lay-out.ts';
import type { Core } from './topology.ts';

/** How guests are placed. */
export interface PlanArgs {
  readonly domains: readonly string[];
  readonly strategy: 'spread' | 'pack';
  readonly reserved_cpus: CpuListArgument;
  readonly smt: Smt;
  readonly numa: 'strict' | 'interleave' | 'none';
  readonly emulator: CpuListArgument;
  readonly iothread: CpuListArgument;
  readonly overcommit: boolean;
}

/** The pins of one domain, as libvirt_domain takes them. */
export interface GuestPlan {
  readonly nodes: readonly number[];
  readonly cputune: {
    readonly vcpupin: Readonly<Record<string, string>>;
    readonly emulatorpin: string;
    readonly iothreadpin: Readonly<Record<string, string>>;
  };
  /** null: where the memory comes from is not planned. */
  readonly numatune: { readonly mode: string; readonly nodeset: string } | null;
}

/** A plan for the host, with a line for each decision; or why there is none. */
export type CpuPlan =
  | {
      readonly housekeeping: string;
      readonly domains: Readonly<Record<string, GuestPlan>>;
      readonly explanation: readonly string[];
    }
  | { readonly refusal: string };

/**
 * Places guests on whole cores, so that no two guests share one. The same topology, guests and arguments always give the same plan:
 * guests are placed in the order given, pins that are valid stay, and nothing that changes from minute to minute (free memory, load) is
 * looked at.
 * @param others CPUs that domains outside the plan are pinned to.
 */
export function planCpus(
  args: PlanArgs,
  cores: readonly Core[],
  guests: readonly PlannedGuest[],
  others: readonly number[],
): CpuPlan {
  const house = housekeeping(args, cores);
  if ('refusal' in house) return house;
  const usable = cores.filter(core => !core.cpus.some(cpu => house.cpus.includes(cpu)));
  const free = new Set(usable.filter(core => !core.cpus.some(cpu => others.includes(cpu))));
  const explanation = [`CPUs ${formatCpuList(house.cpus)} stay with the host (${house.why})`];
  const plans = new Map<string, { cpus: readonly (readonly number[])[]; nodes: readonly number[] }>();
  for (const guest of guests) {
    const kept = keptPins(guest, [...free], args);
    if (!kept) continue;
    for (const core of kept.cores) free.delete(core);
    plans.set(guest.name, kept);
    explanation.push(`${guest.name} keeps its pins on node ${kept.nodes.join(', ')}`);
  }
  for (const guest of guests.filter(one => !plans.has(one.name))) {
    const placed = layOut(guest.vcpus, [...free], args);
    const shared = placed ?? (args.overcommit ? share(guest, usable) : undefined);
    if (!shared) {
      return {
        refusal: `${guest.name} has ${guest.vcpus} vCPUs, and ${room([...free], args)} (CPUs ${formatCpuList(house.cpus)} stay with the host)`,
      };
    }
    for (const core of placed?.cores ?? []) free.delete(core);
    plans.set(guest.name, shared);
    explanation.push(
      `${guest.name} gets CPUs ${formatCpuList(shared.cpus.flat())} of node ${shared.nodes.join(', ')}${placed ? '' : ', shared with others'}`,
    );
  }
  const domains = guests.map(
    guest => [guest.name, pinsOf(args, guest, plans.get(guest.name)!, house.cpus, cores)] as const,
  );
  return { housekeeping: formatCpuList(house.cpus), domains: Object.fromEntries(domains), explanation };
}

function housekeeping(
  args: PlanArgs,
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
  const first = nodes.map(node => cores.find(core => core.node === node)!);
  return {
    cpus: first.flatMap(core => core.cpus),
    why: nodes.length === 1 ? 'the first core' : 'the first core of each node',
  };
}

/** The pins that a guest has, if each vCPU has one CPU of its own on free cores (and, with numa strict, of one node). */
function keptPins(guest: PlannedGuest, free: readonly Core[], args: PlanArgs) {
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
  args: PlanArgs,
  guest: PlannedGuest,
  place: { cpus: readonly (readonly number[])[]; nodes: readonly number[] },
  house: readonly number[],
  cores: readonly Core[],
): GuestPlan {
  const near = cores.filter(core => place.nodes.includes(core.node)).flatMap(core => core.cpus);
  const local = house.filter(cpu => near.includes(cpu));
  const helpers = formatCpuList(local.length > 0 ? local : house);
  const list = (given: CpuListArgument): string =>
    given === 'housekeeping' ? helpers : formatCpuList(parseCpuList(given) ?? []);
  const threads = Object.fromEntries(guest.ioThreads.map(id => [String(id), list(args.iothread)]));
  return {
    nodes: place.nodes,
    cputune: {
      vcpupin: Object.fromEntries(place.cpus.map((cpus, vcpu) => [String(vcpu), formatCpuList(cpus)])),
      emulatorpin: list(args.emulator),
      iothreadpin: threads,
    },
    numatune: args.numa === 'none' ? null : { mode: args.numa, nodeset: formatCpuList(place.nodes) },
  };
}

function room(free: readonly Core[], args: PlanArgs): string {
  const nodes = [...new Set(free.map(core => core.node))];
  if (nodes.length === 0) return 'no core is free';
  const each = nodes.map(
    node => `${free.filter(core => core.node === node).flatMap(core => core.cpus).length} CPUs on node ${node}`,
  );
  return `there are free only ${each.join(' and ')}${args.numa === 'strict' && nodes.length > 1 ? '; with numa: strict one node must do' : ''}`;
}
