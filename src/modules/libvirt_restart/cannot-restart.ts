import { type Refuse, refuse } from '../../decision.ts';
import { formatCpuList } from '../../host/cpu/cpu-list.ts';
import { domainOf } from '../../host/libvirt/domain-element.ts';
import { type DomainState, unchangeable } from '../../host/libvirt/domain-state.ts';
import { type Pages, pools } from '../../host/memory/pages.ts';
import { firstLack } from './free-pages.ts';

/** Why these domains are not shut down and started, one after the other. */
export function cannotRestart(pages: Pages, domains: readonly DomainState[]): Refuse | undefined {
  return domains.map(notRunning).find(found => found !== undefined) ?? lacksPages(pages, domains);
}

function notRunning(domain: DomainState): Refuse | undefined {
  if (domain.state !== 'running') {
    return refuse(
      `domain ${domain.name} is ${domain.state}`,
      'A guest that does not run cannot shut itself down: resume it first.',
    );
  }
  return unchangeable(domain);
}

function lacksPages(pages: Pages, waiting: readonly DomainState[]): Refuse | undefined {
  const lack = firstLack(
    pages,
    waiting.flatMap(({ name, inactive, live }) =>
      live ? [{ name, running: domainOf(live), definition: domainOf(inactive) }] : [],
    ),
  );
  if (!lack) return undefined;
  const { name, need, free, nodes } = lack;
  const where = nodes ? ` on node ${formatCpuList(nodes)}` : '';
  const first = waiting[0]?.name === name ? '' : ' once those before it are started';
  return refuse(
    `domain ${name} would need ${need} huge pages${where}, and ${free} are free${first}: it would not start again`,
    'Make more with hugepages (a reboot may be pending), or give the guest less memory. It has not been shut down.',
    { needs: [pools] },
  );
}
