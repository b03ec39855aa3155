import type { PagePlan } from '../../host/memory/boot-pages.ts';
import { type Pages, poolPath } from '../../host/memory/pages.ts';
import { map, printed } from '../../shell/look.ts';
import { join, sh } from '../../shell/quote.ts';
import { type Script, script } from '../../shell/script.ts';

/**
 * Remembers an attempt for each size until the next boot: a host that could not give all pages is
 * not asked again at every run.
 */
const memory = '/run/hostwright/hugepages';

/** What was asked for and got, the last time since boot that pages of each size were set here. */
export const attempts = map(
  printed('cat', sh`[ -e ${memory}-1G ] || [ -e ${memory}-2M ] || exit 3; cat ${memory}-*`, [0, 3]),
  text => text.split('\n'),
);

/** What an attempt leaves on the host: the wish, and what the host had afterwards. */
export function attempt(plan: PagePlan, got: ReadonlyMap<number, number>): string {
  const text = (counts: ReadonlyMap<number, number>): string =>
    [...counts].map(([node, count]) => `${node}:${count}`).join(',');
  return `${plan.name} ${text(plan.perNode)} got ${text(got)}`;
}

/** Sets the pages of the nodes where they differ, and remembers what came of it. */
export function setPages(plan: PagePlan, pages: Pages, differ: readonly (readonly [number, number])[]): Script {
  const writes = differ.map(([node, count]) => {
    const path = poolPath(pages, node, plan.size);
    // The kernel gives fewer without a word; compacting memory sometimes finds the rest.
    const set = sh`echo ${count} >${path} && [ "$(cat ${path})" -eq ${count} ] || { \
echo 1 >/proc/sys/vm/compact_memory; echo ${count} >${path}; }`;
    return [`node${node}`, set] as const;
  });
  const counts = pages.nodes.map(({ id }) => sh`${`${id}:`}"$(cat ${poolPath(pages, id, plan.size)})"`);
  const wish = attempt(plan, new Map());
  return script({
    ...Object.fromEntries(writes),
    remember: sh`mkdir -p ${memory.replace(/\/[^/]*$/, '')} && \
echo ${wish}${join(counts, ',')} >${memory}-${plan.name}`,
  });
}
