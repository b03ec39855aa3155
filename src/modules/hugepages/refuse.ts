import { type Refuse, refuse } from '../../decision.ts';
import { needsNodeForm, type PagePlan } from '../../host/memory/boot-pages.ts';
import { type Pages, poolOf } from '../../host/memory/pages.ts';
import type { Args } from './schema.ts';

/** The pages do not fit, or are too few. */
export function refuseStarving(message: string): Refuse {
  return refuse(
    message,
    'Ask for less memory (or more, where guests need it), use size: 2M, or state what the host ' +
      'may do with (reserve).',
  );
}

/** Fewer pages are asked for than guests use. */
export function refuseUsed(plan: PagePlan, { nodes }: Pages): Refuse | undefined {
  const used = nodes.map(node => ({
    id: node.id,
    pages: poolOf(node, plan.size).total - poolOf(node, plan.size).free,
  }));
  const short = used.find(({ id, pages }) => (plan.perNode.get(id) ?? 0) < pages);
  return (
    short &&
    refuse(
      `guests use ${short.pages} pages of ${plan.name} on node ${short.id}`,
      'Shut those guests down first, or ask for at least as many pages.',
    )
  );
}

/** The kernel is too old for another number on each node. */
export function refuseNodes(plan: PagePlan, kernel: string): Refuse | undefined {
  const [major = 0, minor = 0] = kernel.split('.').map(part => Number.parseInt(part, 10));
  if (!needsNodeForm(plan) || major > 5 || (major === 5 && minor >= 16)) return undefined;
  return refuse(
    `Linux ${kernel} cannot make different numbers of pages on each node at boot`,
    'Use the same amount on every node.',
  );
}

/** The host could not give the pages when it was asked for them. */
export function refuseAgain(pages: string, runtime: Args['runtime']): Refuse {
  return refuse(
    `the running host cannot give the ${pages}`,
    runtime === 'try'
      ? 'Its memory is in pieces. Let kernel_cmdline make them at boot ' +
          '(result.kernel_parameters), stop guests, or use size: 2M.'
      : 'Stop guests or reboot, or use runtime: try.',
  );
}
