import { exitCodes, HostwrightError } from '../errors.ts';
import { type Draft, draftGroup, type Group, type Host, type Inventory } from './inventory.ts';

/**
 * Puts a draft together: every host's groups and the order in which their variables count (depth, then `ansible_group_priority`, then name, as
 * Ansible has it).
 * @throws HostwrightError `inventory.cycle` if groups contain each other.
 */
export function assemble(draft: Draft): Inventory {
  const all = draftGroup(draft, 'all');
  for (const group of [...draft.groups.values()]) {
    for (const host of group.hosts) if (!draft.hosts.has(host)) draft.hosts.set(host, []);
    for (const child of group.children) draftGroup(draft, child);
  }
  const children = new Set([...draft.groups.values()].flatMap(group => [...group.children]));
  for (const name of draft.groups.keys()) if (name !== 'all' && !children.has(name)) all.children.add(name);

  const parents = parentsOf(draft);
  const depths = new Map<string, number>();
  for (const name of draft.groups.keys()) depthOf(name, parents, depths, []);
  const hosts = new Map([...draft.hosts].map(([name]) => [name, host(name, draft, parents, depths)]));
  const groups = new Map(
    [...draft.groups].map(([name, group]): [string, Group] => [
      name,
      Object.freeze({ name, children: [...group.children], hosts: [...group.hosts], variables: group.variables }),
    ]),
  );
  return Object.freeze({ hosts, groups, spare: draft.spare });
}

function parentsOf(draft: Draft): ReadonlyMap<string, readonly string[]> {
  const parents = new Map<string, string[]>();
  for (const [name, { children }] of draft.groups) {
    for (const child of children) parents.set(child, [...(parents.get(child) ?? []), name]);
  }
  return parents;
}

function depthOf(
  name: string,
  parents: ReadonlyMap<string, readonly string[]>,
  depths: Map<string, number>,
  chain: readonly string[],
): number {
  if (chain.includes(name)) {
    throw new HostwrightError('inventory.cycle', `Groups contain each other: ${[...chain, name].join(' -> ')}`, {
      exitCode: exitCodes.usage,
    });
  }
  const above = (parents.get(name) ?? []).map(parent => depthOf(parent, parents, depths, [...chain, name]));
  const depth = name === 'all' ? 0 : Math.max(0, ...above) + 1;
  depths.set(name, depth);
  return depth;
}

function host(
  name: string,
  draft: Draft,
  parents: ReadonlyMap<string, readonly string[]>,
  depths: ReadonlyMap<string, number>,
): Host {
  const found = new Set<string>();
  const climb = (group: string) => {
    found.add(group);
    for (const parent of parents.get(group) ?? []) climb(parent);
  };
  for (const [group, { hosts }] of draft.groups) if (hosts.has(name)) climb(group);
  const groups = [...found]
    .filter(group => group !== 'all')
    .toSorted((a, b) => depths.get(a)! - depths.get(b)! || priority(draft, a) - priority(draft, b) || (a < b ? -1 : 1));
  const variables = ['all', ...groups].flatMap(group => draft.groups.get(group)?.variables ?? []);
  return Object.freeze({ name, groups, variables: [...variables, ...draft.hosts.get(name)!] });
}

function priority(draft: Draft, group: string): number {
  const given = draft.groups.get(group)?.variables.map(({ values }) => values.ansible_group_priority);
  return Number(given?.findLast(value => value !== undefined) ?? 1);
}
