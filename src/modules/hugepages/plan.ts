import type { Token } from '../../host/boot/tokens.ts';
import { type PagePlan, pagesAtBoot } from '../../host/memory/boot-pages.ts';
import type { Demand } from '../../host/memory/guard.ts';
import { starves } from '../../host/memory/guard.ts';
import type { Guest } from '../../host/memory/guests.ts';
import { type Pages, poolOf } from '../../host/memory/pages.ts';
import { formatSize } from '../../host/size.ts';
import type { Args } from './schema.ts';

/** Page sizes by their names in arguments. */
export const pageSizes = { '1G': 2 ** 30, '2M': 2 ** 21 } as const;

/** What the pages have to fit. */
export interface PageHost {
  readonly pages: Pages;
  /** Those that run or start with the host. */
  readonly guests: readonly Guest[];
  /** What the next boot has now. */
  readonly entry: readonly Token[];
}

/** The pages that are asked for, or why there can be none. */
export function planPages(args: Args, host: PageHost): PagePlan | { readonly refusal: string } {
  const { guests, pages } = host;
  const absent = Object.keys(args.per_node ?? {}).filter(id => !pages.nodes.some(node => node.id === Number(id)));
  if (absent.length > 0) return { refusal: `there is no NUMA node ${absent.join(', ')}` };
  const reserve = args.reserve === 'auto' ? undefined : args.reserve;
  // Guests that the same play moves onto huge pages need no other memory.
  const known = guests.map(guest => (args.domains?.includes(guest.name) ? { ...guest, onHugePages: true } : guest));
  const named = guests.filter(guest => args.domains?.includes(guest.name));
  const tryout = (name: '1G' | '2M'): { demand: Demand; problem: string | undefined } => {
    const demand = { size: pageSizes[name], perNode: spread(args, pages, pageSizes[name]) };
    // What is there already is not argued about: a guest that came later must not turn a converged
    // host into a refusal.
    const there = pages.nodes.every(node => node.pools.get(demand.size)?.total === demand.perNode.get(node.id));
    const problem = there ? undefined : (unavailable(name, pages) ?? starves(withBooted(host), known, demand, reserve));
    return { demand, problem: problem ?? tooFew(demand, named) };
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

/** The pools of the host as they will be: pages that the next boot makes are taken as well. */
function withBooted({ entry, pages }: PageHost): Pages {
  const booted = pagesAtBoot(
    entry,
    pages.nodes.map(({ id }) => id),
  );
  const nodes = pages.nodes.map(node => {
    const pools = [...booted].map(([size, counts]) => {
      const pool = poolOf(node, size);
      return [size, { ...pool, total: Math.max(pool.total, counts.get(node.id) ?? 0) }] as const;
    });
    return { ...node, pools: new Map([...node.pools, ...pools]) };
  });
  return { ...pages, nodes };
}

/**
 * Why the pages are too few for the guests that are to be on them; undefined where they are enough.
 */
function tooFew({ perNode, size }: Demand, named: readonly Guest[]): string | undefined {
  const need = (guests: readonly Guest[]): number =>
    guests.reduce((sum, guest) => sum + Math.ceil(guest.memory / size), 0);
  const names = (guests: readonly Guest[]): string => guests.map(guest => guest.name).join(', ');
  const of = `pages of ${formatSize(size)}`;
  const all = [...perNode.values()].reduce((sum, count) => sum + count, 0);
  if (need(named) > all) return `${all} ${of} are asked for, and ${need(named)} are needed by ${names(named)}`;
  for (const [node, count] of perNode) {
    const bound = named.filter(guest => guest.node === node);
    if (need(bound) > count)
      return (
        `${count} ${of} are asked for on node ${node}, and ${need(bound)} are needed by guests ` +
        `that are bound to it: ${names(bound)}`
      );
  }
  return undefined;
}

/** `1G on node 0: 4 pages (4 GiB)`, a line a node. */
export function describePages(pages: Pages, size: number, perNode: ReadonlyMap<number, number>): string {
  return pages.nodes
    .map(
      ({ id }) =>
        `node ${id}: ${perNode.get(id) ?? 0} pages of ${formatSize(size)} ` +
        `(${formatSize((perNode.get(id) ?? 0) * size)})\n`,
    )
    .join('');
}

function unavailable(name: '1G' | '2M', pages: Pages): string | undefined {
  const has = pages.nodes.every(node => node.pools.has(pageSizes[name]));
  if (name === '1G' && !pages.gigantic) return 'the CPU has no 1 GiB pages (no pdpe1gb)';
  return has ? undefined : `the kernel has no pages of ${name}`;
}

/**
 * Pages by node: as given, or evenly like the kernel does it at boot, what is left over on the
 * first nodes.
 */
function spread(args: Args, pages: Pages, size: number): ReadonlyMap<number, number> {
  const count = (bytes = 0): number => Math.ceil(bytes / size);
  if (args.per_node) return new Map(pages.nodes.map(({ id }) => [id, count(args.per_node?.[id])]));
  const [total, nodes] = [count(args.total), pages.nodes.length];
  return new Map(pages.nodes.map(({ id }, at) => [id, Math.floor(total / nodes) + (at < total % nodes ? 1 : 0)]));
}
