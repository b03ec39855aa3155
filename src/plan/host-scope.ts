import type { Host, Inventory } from '../inventory/inventory.ts';
import { createScope, type Layer, type Scope } from '../values/scope.ts';
import type { Plan, PlannedPlay, StaticLayers } from './plan.ts';

/** Names that no playbook may set. */
export const reservedNames: readonly string[] = [
  'inventory_hostname',
  'inventory_hostname_short',
  'group_names',
  'groups',
  'play_hosts',
  'playbook_dir',
  'role_name',
  'check_mode',
  'ansible_check_mode',
  'facts',
];

export interface ScopeInput {
  readonly plan: Plan;
  readonly play: PlannedPlay;
  readonly inventory: Inventory;
  readonly host: string;
  readonly layers: StaticLayers;
  readonly role?: string | undefined;
  readonly check: boolean;
  /** What came up in the run: registers and set_fact, then the loop variable; the strongest but for `--extra-vars`. */
  readonly dynamic: readonly Layer[];
  /** The facts of the host, or an unknown. */
  readonly facts: unknown;
}

/** The variables of a task on a host, by the precedence of DESIGN 5. */
export function hostScope(input: ScopeInput): Scope {
  const { plan, layers, dynamic } = input;
  const host = hostOf(input.inventory, input.host);
  const own: readonly Layer[] = host.variables;
  return createScope([
    ...layers.roleDefaults,
    ...own,
    ...layers.play,
    ...layers.roleVars,
    ...layers.params,
    ...layers.local,
    ...dynamic,
    plan.extraVars,
    magicLayer(input, host),
  ]);
}

/** A host of the inventory; `localhost` needs none. */
export function hostOf(inventory: Inventory, name: string): Host {
  return inventory.hosts.get(name) ?? { name, groups: [], variables: [] };
}

function magicLayer({ inventory, host, play, role, check, facts }: ScopeInput, { groups }: Host): Layer {
  const file = play.play.part.source.file;
  return {
    origin: 'Hostwright',
    literal: true,
    values: {
      inventory_hostname: host,
      inventory_hostname_short: host.split('.')[0],
      group_names: groups,
      groups: membersOf(inventory),
      play_hosts: play.hosts,
      playbook_dir: file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.',
      ...(role === undefined ? {} : { role_name: role }),
      check_mode: check,
      ansible_check_mode: check,
      facts,
    },
  };
}

const members = new WeakMap<Inventory, Readonly<Record<string, readonly string[]>>>();

/** The hosts of each group by name; made once, for all hosts ask for it. */
function membersOf(inventory: Inventory): Readonly<Record<string, readonly string[]>> {
  const known = members.get(inventory);
  if (known) return known;
  const hosts = [...inventory.hosts.values()];
  const byGroup = [...inventory.groups.keys()].map(name => [
    name,
    hosts.filter(({ groups }) => name === 'all' || groups.includes(name)).map(host => host.name),
  ]);
  const made = Object.freeze(Object.fromEntries(byGroup)) as Readonly<Record<string, readonly string[]>>;
  members.set(inventory, made);
  return made;
}
