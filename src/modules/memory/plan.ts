import { formatSize, parseSize } from '../size.ts';
import type { Demand } from './guard.ts';
import { starves } from './guard.ts';
import type { Guest } from './guests.ts';
import type { Pages } from './pages.ts';

/** Page sizes by their names in arguments. */
export const pageSizes = { '1G': 2 ** 30, '2M': 2 ** 21 } as const;

/** What is asked for. */
export interface PageArgs {
  readonly size: 'auto' | '1G' | '2M';
  readonly total?: string | undefined;
  readonly per_node?: Readonly<Record<string, string>> | undefined;
  readonly reserve: string | number;
  readonly domains?: readonly string[] | undefined;
}

/** Pages of one size for each node, and why that size. */
export interface PagePlan extends Demand {
  readonly name: '1G' | '2M';
  readonly why: string;
}

/** The pages that are asked for, or why there can be none. */
export function planPages(
  args: PageArgs,
  pages: Pages,
  guests: readonly Guest[],
): PagePlan | { readonly refusal: string } {
  const absent = Object.keys(args.per_node ?? {}).filter(id => !pages.nodes.some(node => node.id === Number(id)));
  if (absent.length > 0) return { refusal: `there is no NUMA node ${absent.join(', ')}` };
  const reserve = args.reserve === 'auto' ? undefined : parseSize(args.reserve)!;
  // Guests that the same play moves onto huge pages need no other memory beside them.
  const known = guests.map(guest => (args.domains?.includes(guest.name) ? { ...guest, onHugePages: true } : guest));
  const tryout = (name: '1G' | '2M'): { demand: Demand; problem: string | undefined } => {
    const demand = { size: pageSizes[name], perNode: spread(args, pages, pageSizes[name]) };
    // What is there already is not argued about: a guest that came later must not turn a converged host into a refusal.
    const there = pages.nodes.every(node => node.pools.get(demand.size)?.total === demand.perNode.get(node.id));
    return {
      demand,
      problem: there ? undefined : (unavailable(name, pages) ?? starves(pages, known, demand, reserve)),
    };
  };
  if (args.size !== 'auto') {
    const { demand, problem } = tryout(args.size);
    return problem ? { refusal: problem } : { ...demand, name: args.size, why: `size ${args.size} was asked for` };
  }
  const large = tryout('1G');
  if (!large.problem)
    return { ...large.demand, name: '1G', why: 'the CPU has 1 GiB pages and the host keeps enough memory' };
  const small = tryout('2M');
  return small.problem ? { refusal: small.problem } : { ...small.demand, name: '2M', why: `not 1G: ${large.problem}` };
}

/** `1G on node 0: 4 pages (4 GiB)`, a line a node. */
export function describePages(pages: Pages, size: number, perNode: ReadonlyMap<number, number>): string {
  return pages.nodes
    .map(
      ({ id }) =>
        `node ${id}: ${perNode.get(id) ?? 0} pages of ${formatSize(size)} (${formatSize((perNode.get(id) ?? 0) * size)})\n`,
    )
    .join('');
}

function unavailable(name: '1G' | '2M', pages: Pages): string | undefined {
  const has = pages.nodes.every(node => node.pools.has(pageSizes[name]));
  if (name === '1G' && !pages.gigantic) return 'the CPU has no 1 GiB pages (no pdpe1gb)';
  return has ? undefined : `the kernel has no pages of ${name}`;
}

/** Pages by node: as given, or evenly like the kernel does it at boot, what is left over on the first nodes. */
function spread(args: PageArgs, pages: Pages, size: number): ReadonlyMap<number, number> {
  const count = (amount: string): number => Math.ceil(parseSize(amount)! / size);
  if (args.per_node) return new Map(pages.nodes.map(({ id }) => [id, count(args.per_node![id] ?? '0')]));
  const [total, nodes] = [count(args.total ?? '0'), pages.nodes.length];
  return new Map(pages.nodes.map(({ id }, at) => [id, Math.floor(total / nodes) + (at < total % nodes ? 1 : 0)]));
}
