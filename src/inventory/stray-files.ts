import { suggest } from '../language/suggest.ts';
import type { Inventory } from './inventory.ts';

/** Names that are there without being in an inventory. */
const implicit = ['all', 'ungrouped', 'localhost', '127.0.0.1', '::1'];

/**
 * Files of `host_vars` and `group_vars` that belong to no host or group, so that nothing ever reads
 * them: a sentence for all of them, undefined where there are none.
 * @param coming whether the run may bring a host or group of a name
 */
export function strayFiles(
  { hosts, groups, draft }: Inventory,
  coming: (name: string) => boolean = () => false,
): string | undefined {
  const known = { host: [...hosts.keys()], group: [...groups.keys()] };
  const strays = [
    ...[...draft.hostFiles.keys()].map(name => ({ kind: 'host' as const, name })),
    ...[...draft.groupFiles.keys()].map(name => ({ kind: 'group' as const, name })),
  ].filter(({ kind, name }) => ![...known[kind], ...implicit].includes(name) && !coming(name));
  const [first] = strays;
  if (!first) return undefined;
  const named = strays.slice(0, 5).map(({ kind, name }) => `${kind}_vars/${name}`);
  const more = strays.length > 5 ? ` and ${strays.length - 5} more` : '';
  const { kind, name } = first;
  const hint = suggest(name, known[kind]) ?? `Known ${kind}s: hostwright inventory --graph.`;
  return `No host or group of the inventory has the variables of ${named.join(', ')}${more}. ${hint}`;
}
