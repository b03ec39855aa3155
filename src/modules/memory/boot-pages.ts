import type { Token } from '../boot/tokens.ts';
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
  let size = '2M';
  for (const token of entry) {
    if (token.startsWith('default_hugepagesz=')) size = token.slice(token.indexOf('=') + 1);
    if (token.startsWith('hugepagesz=')) size = token.slice(token.indexOf('=') + 1);
    if (!token.startsWith('hugepages=') || !sameSize(size, plan.name)) continue;
    if (bootParameters(plan, false)[1] === token) return true;
  }
  return false;
}

function sameSize(text: string, name: '1G' | '2M'): boolean {
  const forms = { '1G': ['1g', '1gb', '1024m', '1048576k'], '2M': ['2m', '2mb', '2048k'] };
  return forms[name].includes(text.toLowerCase());
}

function isEven(counts: readonly number[]): boolean {
  return counts.every(count => count === counts[0]);
}
