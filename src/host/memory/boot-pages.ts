import type { Token } from '../boot/tokens.ts';
import { formatSize, parseSize } from '../size.ts';
import type { Demand } from './guard.ts';

/** Pages of one size for each node, and why that size. */
export interface PagePlan extends Demand {
  readonly name: '1G' | '2M';
  readonly why: string;
}

/**
 * Kernel parameters that make these pages at boot, and those of other sizes that the boot entry
 * makes already: whoever writes them owns both names. The
 * largest size comes first, so that several plans come to one order. `hugepagesz` stands right
 * before its `hugepages`, or the kernel counts another size.
 * @param entry what the next boot has now.
 */
export function bootParameters(plan: PagePlan, entry: readonly Token[], defaultSize: boolean): readonly Token[] {
  const others = countsOf(entry).filter(({ count, size }) => size !== plan.size && count !== '0');
  const all = [...others, { size: plan.size, count: countOf(plan) }].sort((one, other) => other.size - one.size);
  const pages = all.flatMap(({ count, size }) => [`hugepagesz=${nameOfSize(size)}`, `hugepages=${count}`]);
  return defaultSize ? [`default_hugepagesz=${plan.name}`, ...pages] : pages;
}

/**
 * The plain form is divided evenly; the form by node exists since Linux 5.16 and is used only where
 * it is needed.
 */
function countOf(plan: PagePlan): string {
  const counts = [...plan.perNode.values()];
  if (isEven(counts)) return String(counts.reduce((sum, count) => sum + count, 0));
  return [...plan.perNode].map(([node, count]) => `${node}:${count}`).join(',');
}

/** As the kernel takes it: `1G`, `2M`, `64K`. */
function nameOfSize(bytes: number): string {
  return formatSize(bytes).replace(/ (.)iB$/, '$1');
}

/** Whether the parameters are in the form by node, which kernels before 5.16 ignore. */
export function needsNodeForm(plan: PagePlan): boolean {
  return !isEven([...plan.perNode.values()]);
}

/** Whether a boot entry makes exactly these pages. */
export function bootProvides(entry: readonly Token[], plan: PagePlan): boolean {
  return countsOf(entry).some(({ count, size }) => size === plan.size && count === countOf(plan));
}

/**
 * The pages that a boot entry makes, by size and node. An amount without nodes is divided evenly,
 * as the kernel does it.
 */
export function pagesAtBoot(
  entry: readonly Token[],
  nodes: readonly number[],
): ReadonlyMap<number, ReadonlyMap<number, number>> {
  return new Map(countsOf(entry).map(({ count, size }) => [size, byNode(count, nodes)]));
}

function byNode(count: string, nodes: readonly number[]): ReadonlyMap<number, number> {
  const pairs = [...count.matchAll(/(\d+):(\d+)/g)].map(([, node, pages]) => [Number(node), Number(pages)] as const);
  if (pairs.length > 0) return new Map(pairs);
  const total = Number(count);
  const share = (at: number): number => Math.floor(total / nodes.length) + (at < total % nodes.length ? 1 : 0);
  return new Map(nodes.map((node, at) => [node, share(at)]));
}

/**
 * The numbers of pages that a boot entry asks for. One without a size before it is of the default
 * size.
 */
function countsOf(entry: readonly Token[]): readonly { readonly size: number; readonly count: string }[] {
  let size: number | undefined = 2 ** 21;
  return entry.flatMap(token => {
    const value = token.slice(token.indexOf('=') + 1);
    if (/^(default_)?hugepagesz=/.test(token)) size = parseSize(value);
    return token.startsWith('hugepages=') && size !== undefined ? [{ size, count: value }] : [];
  });
}

function isEven(counts: readonly number[]): boolean {
  return counts.every(count => count === counts[0]);
}
