import { change, ok } from '../../decision.ts';
import { boot } from '../../host/boot/loader.ts';
import { bootParameters, bootProvides, type PagePlan } from '../../host/memory/boot-pages.ts';
import { guests } from '../../host/memory/guests.ts';
import { pages, poolOf, pools } from '../../host/memory/pages.ts';
import { all, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { defineModule } from '../module.ts';
import { describePages, planPages } from './plan.ts';
import { refuseAgain, refuseNodes, refuseStarving, refuseUsed } from './refuse.ts';
import { args, examples, returns } from './schema.ts';
import { attempt, attempts, setPages } from './set-pages.ts';

/** The pool of huge pages of the running host, and what makes it again at boot. */
export const hugepages = defineModule({
  name: 'hugepages',
  summary: 'Huge pages for guests, by NUMA node, with memory kept for the host.',
  description: `Owns the number of huge pages of one size. 1 GiB pages are taken where the CPU has
them and the host keeps enough memory, else 2 MiB, and the result says which and why. Memory that is
given to huge pages is lost to everything else, so the task refuses what would starve the host: it
keeps max(4 GiB, 10 %), half a GiB for each guest, and the memory of guests that are not on huge
pages; per node max(2 GiB, 10 %). Pages in use are never taken away.

A host that has run for a while often cannot give 1 GiB pages. If the boot entry will make them, the
task is then ok and announces \`reboot\`; if nothing will, it fails. Pages of other sizes stay, in
the pool and at boot: \`result.kernel_parameters\`, with them, is what \`kernel_cmdline\` needs;
with \`runtime: off\` the task only plans.`,
  args,
  returns,
  examples,
  problems: ({ total, per_node }) =>
    (total === undefined) === (per_node === undefined)
      ? [{ argument: 'total', message: 'give either total or per_node' }]
      : [],
  owns: args => {
    const value = String(args.total ?? JSON.stringify(args.per_node ?? {}));
    const sizes = args.size === 'auto' ? ['1G', '2M'] : [args.size];
    return sizes.map(size => ({ subject: 'huge pages', attribute: `amount of ${size}`, value }));
  },
  look: args =>
    all({
      pages,
      guests: guests(args.uri),
      boot,
      kernel: map(printed('uname', sh`uname -r`), text => text.trim()),
      tried: attempts,
    }),
  decide(args, { pages, guests, boot, kernel, tried }) {
    const [entry = []] = boot.entries;
    const plan = planPages(args, { pages, guests, entry });
    if ('refusal' in plan) return refuseStarving(plan.refusal);
    const refused = refuseUsed(plan, pages) ?? refuseNodes(plan, kernel);
    if (refused) return refused;
    const now = new Map(pages.nodes.map(node => [node.id, poolOf(node, plan.size).total]));
    const differ = [...plan.perNode].filter(([node, count]) => now.get(node) !== count);
    const kernel_parameters = bootParameters(plan, entry, args.default_size);
    const result = { ...resultOf(plan), kernel_parameters: [...kernel_parameters] };
    if (differ.length === 0) return ok(`has ${result.pages} pages of ${plan.name} already`, { result });
    const provided = boot.entries.length > 0 && boot.entries.every(one => bootProvides(one, plan));
    const short = differ.map(([node, count]) => `${now.get(node)} of ${count} on node ${node}`).join(', ');
    const reason = `huge pages of ${plan.name}: ${short}`;
    const reboot = [{ kind: 'reboot', reason }] as const;
    if (args.runtime === 'off') {
      // Booted with them already: somebody has given pages back since, and what sets them again
      // needs no reboot.
      const pending = provided && !bootProvides(boot.live, plan) ? reboot : [];
      return ok(`only planned (${reason})`, { pending, result });
    }
    if (tried.includes(attempt(plan, now))) {
      return args.runtime === 'try' && provided
        ? ok(`gave what it could; the boot entry makes the rest (${short})`, { pending: reboot, result })
        : refuseAgain(reason, args.runtime);
    }
    const shown = (counts: ReadonlyMap<number, number>) => describePages(pages, plan.size, counts);
    return change(reason, {
      diff: [{ subject: 'huge pages', before: shown(now), after: shown(plan.perNode) }],
      apply: setPages(plan, pages, differ),
      alters: [pools],
      result,
    });
  },
});

function resultOf({ name, perNode, why }: PagePlan) {
  const pages = [...perNode.values()].reduce((sum, count) => sum + count, 0);
  return { size: name, why, pages, per_node: Object.fromEntries(perNode) };
}
