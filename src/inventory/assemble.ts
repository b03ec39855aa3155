import { exitCodes, HostwrightError } from '../errors.ts';
import {
  type Draft,
  draftGroup,
  type FileVariables,
  type Group,
  type Host,
  type Inventory,
  type InventoryVariables,
} from './inventory.ts';

/**
 * Puts a draft together: every host's groups, in the order in which their variables count (depth,
 * then `ansible_group_priority`, then name), and its variables, the weakest first, as Ansible has
 * it (VARIABLE_PRECEDENCE): those of groups in inventories; `group_vars/all`; `group_vars` of its
 * other groups; its own in inventories; `host_vars`. `ungrouped` has the hosts that no other group
 * has.
 * @throws HostwrightError `inventory.cycle` if groups contain each other.
 */
export function assemble(draft: Draft): Inventory {
  const all = draftGroup(draft, 'all');
  const ungrouped = draftGroup(draft, 'ungrouped');
  for (const group of [...draft.groups.values()]) {
    for (const host of group.hosts) if (!draft.hosts.has(host)) draft.hosts.set(host, []);
    for (const child of group.children) draftGroup(draft, child);
  }
  const children = new Set([...draft.groups.values()].flatMap(group => [...group.children]));
  for (const name of draft.groups.keys()) if (name !== 'all' && !children.has(name)) all.children.add(name);
  const grouped = new Set([...draft.groups].flatMap(([name, { hosts }]) => (isPlain(name) ? [...hosts] : [])));
  for (const host of draft.hosts.keys()) {
    if (grouped.has(host)) ungrouped.hosts.delete(host);
    else ungrouped.hosts.add(host);
  }

  const parents = parentsOf(draft);
  const depths = new Map<string, number>();
  for (const name of draft.groups.keys()) depthOf(name, parents, depths, []);
  const hosts = new Map([...draft.hosts].map(([name]) => [name, host(name, { draft, parents, depths })]));
  const groups = new Map(
    [...draft.groups].map(([name, group]): [string, Group] => [
      name,
      Object.freeze({ name, children: [...group.children], hosts: [...group.hosts] }),
    ]),
  );
  return Object.freeze({ hosts, groups, draft });
}

function isPlain(group: string): boolean {
  return group !== 'all' && group !== 'ungrouped';
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

interface Structure {
  readonly draft: Draft;
  readonly parents: ReadonlyMap<string, readonly string[]>;
  readonly depths: ReadonlyMap<string, number>;
}

function host(name: string, { draft, parents, depths }: Structure): Host {
  const found = new Set<string>();
  const climb = (group: string) => {
    found.add(group);
    for (const parent of parents.get(group) ?? []) climb(parent);
  };
  for (const [group, { hosts }] of draft.groups) if (hosts.has(name)) climb(group);
  const depthBy = (group: string) => depths.get(group) ?? 0;
  const groups = [...found]
    .filter(group => group !== 'all')
    .toSorted((a, b) => depthBy(a) - depthBy(b) || priority(draft, a) - priority(draft, b) || (a < b ? -1 : 1));
  const variables = [
    ...['all', ...groups].flatMap(group => draft.groups.get(group)?.variables.map(withoutPriority) ?? []),
    ...filesOf(draft.groupFiles, ['all']),
    ...filesOf(draft.groupFiles, groups),
    ...(draft.hosts.get(name) ?? []),
    ...filesOf(draft.hostFiles, [name]),
  ];
  return Object.freeze({ name, groups, variables });
}

/** The files of these names, folder by folder. */
function filesOf(files: Draft['groupFiles'], names: readonly string[]): readonly FileVariables[] {
  // The sort is stable: in one folder they keep the order of the names.
  return names.flatMap(name => files.get(name) ?? []).toSorted((one, two) => one.rank - two.rank);
}

const priorityName = 'ansible_group_priority';

/** Only an inventory sets it; in a file of `group_vars` it comes too late. */
function priority(draft: Draft, group: string): number {
  const given = draft.groups.get(group)?.variables.map(({ values }) => values[priorityName]);
  return Number(given?.findLast(value => value !== undefined) ?? 1);
}

/** The priority belongs to the group, and is not a variable of its hosts. */
function withoutPriority(variables: InventoryVariables): InventoryVariables {
  if (!Object.hasOwn(variables.values, priorityName)) return variables;
  const { [priorityName]: _, ...values } = variables.values;
  return { ...variables, values };
}
