import type { ArgumentProblem } from '../../callable.ts';
import { change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { type Boot, bootSections, readBoot } from '../../host/boot/loader.ts';
import type { Token } from '../../host/boot/tokens.ts';
import { bootParameters, bootProvides, needsNodeForm, type PagePlan } from '../../host/memory/boot-pages.ts';
import { type Guest, guestSection, readGuests } from '../../host/memory/guests.ts';
import { type Pages, pageSections, poolPath, readPages } from '../../host/memory/pages.ts';
import { accept } from '../../shell/answer.ts';
import { join, sh } from '../../shell/quote.ts';
import { type Script, script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { describePages, planPages } from './plan.ts';
import { type Args, args, examples, returns } from './schema.ts';

interface State {
  readonly pages: Pages;
  readonly guests: readonly Guest[];
  readonly boot: Boot;
  /** `6.12`. */
  readonly kernel: string;
  /** What was asked for and got, the last time since boot that pages of each size were set here. */
  readonly tried: readonly string[];
}

/**
 * Remembers an attempt for each size until the next boot: a host that could not give all pages is
 * not asked again at every run.
 */
const memory = '/run/hostwright/hugepages';

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
  problems,
  owns: args => {
    const value = String(args.total ?? JSON.stringify(args.per_node ?? {}));
    const sizes = args.size === 'auto' ? ['1G', '2M'] : [args.size];
    return sizes.map(size => ({ subject: 'huge pages', attribute: `amount of ${size}`, value }));
  },
  probe: args =>
    script({
      ...pageSections,
      ...guestSection(args.uri),
      ...bootSections,
      kernel: sh`uname -r`,
      tried: sh`[ -e ${memory}-1G ] || [ -e ${memory}-2M ] || exit 3; cat ${memory}-*`,
    }),
  read: (answer): State => ({
    pages: readPages(answer),
    guests: readGuests(answer),
    boot: readBoot(answer),
    kernel: accept(answer, 'kernel', [0], 'uname').stdout.trim(),
    tried: accept(answer, 'tried', [0, 3], 'cat').stdout.split('\n'),
  }),
  decide,
});

function problems(args: Args): readonly ArgumentProblem[] {
  if ((args.total === undefined) !== (args.per_node === undefined)) return [];
  return [{ argument: 'total', message: 'give either total or per_node' }];
}

function decide(args: Args, state: State): Decision<State> {
  const entry = state.boot.entries[0] ?? [];
  const plan = planPages(args, { pages: state.pages, guests: state.guests, entry });
  if ('refusal' in plan)
    return refuse(
      plan.refusal,
      'Ask for less memory (or more, where guests need it), use size: 2M, or state what the host ' +
        'may do with (reserve).',
    );
  const refusal = cannot(plan, state);
  if (refusal) return refusal;
  const now = new Map(state.pages.nodes.map(node => [node.id, node.pools.get(plan.size)!.total]));
  const differ = [...plan.perNode].filter(([node, count]) => now.get(node) !== count);
  const result = resultOf(plan, bootParameters(plan, entry, args.default_size));
  if (differ.length === 0) return ok(`has ${result.pages} pages of ${plan.name} already`, { result });
  const provided = state.boot.entries.length > 0 && state.boot.entries.every(entry => bootProvides(entry, plan));
  const short = differ.map(([node, count]) => `${now.get(node)} of ${count} on node ${node}`).join(', ');
  const reason = `huge pages of ${plan.name}: ${short}`;
  if (args.runtime === 'off') {
    return ok(`only planned (${reason})`, {
      // Booted with them already: somebody has given pages back since, and what sets them again
      // needs no reboot.
      pending: provided && !bootProvides(state.boot.live, plan) ? [{ kind: 'reboot', reason }] : [],
      result,
    });
  }
  if (state.tried.includes(attempt(plan, now))) {
    if (args.runtime === 'try' && provided)
      return ok(`gave what it could; the boot entry makes the rest (${short})`, {
        pending: [{ kind: 'reboot', reason }],
        result,
      });
    return refuse(
      `the running host cannot give the huge pages of ${plan.name}: ${short}`,
      args.runtime === 'try'
        ? 'Its memory is in pieces. Let kernel_cmdline make them at boot ' +
            '(result.kernel_parameters), stop guests, or use size: 2M.'
        : 'Stop guests or reboot, or use runtime: try.',
    );
  }
  return change(reason, {
    diff: [
      {
        subject: 'huge pages',
        before: describePages(state.pages, plan.size, now),
        after: describePages(state.pages, plan.size, plan.perNode),
      },
    ],
    apply: setPages(plan, state.pages, differ),
    result,
  });
}

function cannot(plan: PagePlan, state: State): Refuse | undefined {
  for (const node of state.pages.nodes) {
    const pool = node.pools.get(plan.size)!;
    const used = pool.total - pool.free;
    if ((plan.perNode.get(node.id) ?? 0) < used) {
      return refuse(
        `guests use ${used} pages of ${plan.name} on node ${node.id}`,
        'Shut those guests down first, or ask for at least as many pages.',
      );
    }
  }
  const [major = 0, minor = 0] = state.kernel.split('.').map(part => Number.parseInt(part, 10));
  if (!needsNodeForm(plan) || major > 5 || (major === 5 && minor >= 16)) return undefined;
  return refuse(
    `Linux ${state.kernel} cannot make different numbers of pages on each node at boot`,
    'Use the same amount on every node.',
  );
}

/** What an attempt leaves in {@link memory}: the wish, and what the host had afterwards. */
function attempt(plan: PagePlan, got: ReadonlyMap<number, number>): string {
  const text = (counts: ReadonlyMap<number, number>): string =>
    [...counts].map(([node, count]) => `${node}:${count}`).join(',');
  return `${plan.name} ${text(plan.perNode)} got ${text(got)}`;
}

function setPages(plan: PagePlan, pages: Pages, differ: readonly (readonly [number, number])[]): Script {
  const writes = differ.map(([node, count]) => {
    const path = poolPath(pages, node, plan.size);
    // The kernel gives fewer without a word; compacting memory sometimes finds the rest.
    const set = sh`echo ${count} >${path} && [ "$(cat ${path})" -eq ${count} ] || { echo 1 >/proc/sys/vm/compact_memory; echo ${count} >${path}; }`;
    return [`node${node}`, set] as const;
  });
  const counts = pages.nodes.map(({ id }) => sh`${`${id}:`}"$(cat ${poolPath(pages, id, plan.size)})"`);
  const wish = attempt(plan, new Map());
  return script({
    ...Object.fromEntries(writes),
    remember: sh`mkdir -p ${memory.replace(/\/[^/]*$/, '')} && echo ${wish}${join(counts, ',')} >${memory}-${plan.name}`,
  });
}

function resultOf(plan: PagePlan, parameters: readonly Token[]) {
  const pages = [...plan.perNode.values()].reduce((sum, count) => sum + count, 0);
  return {
    size: plan.name,
    why: plan.why,
    pages,
    per_node: Object.fromEntries(plan.perNode),
    kernel_parameters: [...parameters],
  };
}
