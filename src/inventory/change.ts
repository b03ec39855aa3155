import { assemble } from './assemble.ts';
import { type Draft, draftGroup, draftHost, type Inventory } from './inventory.ts';

/** A host that came up in a run (`add_host`). */
export interface NewHost {
  readonly name: string;
  readonly groups: readonly string[];
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * The inventory with one more host, or with more groups and variables of one that is there. They
 * are data, and are never evaluated.
 */
export function withHost(inventory: Inventory, { name, groups, variables }: NewHost): Inventory {
  const draft = draftOf(inventory);
  draftHost(draft, name).push({ origin: 'add_host', values: variables, literal: true });
  for (const group of groups) draftGroup(draft, group).hosts.add(name);
  return assemble(draft);
}

/**
 * The inventory with a host in one more group (`group_by`), which is made where it is new, inside
 * these parents.
 */
export function withMember(inventory: Inventory, host: string, group: string, parents: readonly string[]): Inventory {
  if (inventory.groups.get(group)?.hosts.includes(host)) return inventory;
  const draft = draftOf(inventory);
  draftHost(draft, host);
  draftGroup(draft, group).hosts.add(host);
  for (const parent of parents) draftGroup(draft, parent).children.add(group);
  return assemble(draft);
}

function draftOf({ draft: { groups, hosts, groupFiles, hostFiles } }: Inventory): Draft {
  return {
    groups: new Map(
      [...groups].map(([name, { children, hosts: members, variables }]) => [
        name,
        { children: new Set(children), hosts: new Set(members), variables: [...variables] },
      ]),
    ),
    hosts: new Map([...hosts].map(([name, variables]) => [name, [...variables]])),
    groupFiles,
    hostFiles,
  };
}
