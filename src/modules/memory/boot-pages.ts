import type { Token } from '../boot/tokens.ts';
import { parseSize } from '../size.ts';
import type { PagePlan } from './plan.ts';

/** Kernel parameters that make these pages at boot. `hugepagesz` stands right before its `hugepages`, or the kernel counts another size. */
export function bootParameters(plan: PagePlan, defaultSize: boolean): readonly Token[] {
  const counts = [...plan.perNode.values()];
  const total = counts.reduce((sum, count) => sum + count, 0);
  // The plain form is divided evenly; the form by node exists since Linux 5.16 and is used only where it is needed.
  const pages = isEven(counts) ? String(total) : [...plan.perNode].map(([node, count]) => `${node}:${count}`).join(',');
  const size = [`hugepagesz=${plan.name}`, `hugepages=${pages}`];
  return defaultSize ? [`default_hugepagesz=${plan.name}`, ...size] : size;
}

/** Whether the parameters are in the form by node, which kernels before 5.16 ignore. */
export function needsNodeForm(plan: PagePlan): boolean {
  return !isEven([...plan.perNode.values()]);
}

/** Whether a boot entry makes exactly these pages. */
export function bootProvides(entry: readonly Token[], plan: PagePlan): boolean {
  return countsOf(entry).some(
    ({ count, size }) => size === plan.size && `hugepages=${count}` === bootParameters(plan, false)[1],
  );
}

/** The pages that a boot entry makes, by size and node. An amount without nodes is divided evenly, as the kernel does it. */
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

/** The numbers of pages that a boot entry asks for. One that no size stands before is of the default size. */
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
