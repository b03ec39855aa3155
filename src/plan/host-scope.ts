import { dirname, resolve } from 'node:path';
import type { Host, Inventory } from '../inventory/inventory.ts';
import { lazyMap } from '../values/lazy.ts';
import { createScope, type Layer, type Scope, unknown } from '../values/scope.ts';
import type { Plan, PlannedPlay, RolePlace, StaticLayers } from './plan.ts';

/** Names that no playbook may set. */
export const reservedNames: readonly string[] = [
  'inventory_hostname',
  'inventory_hostname_short',
  'group_names',
  'groups',
  'hostvars',
  'play_hosts',
  'ansible_play_name',
  'ansible_play_batch',
  'ansible_play_hosts',
  'ansible_play_hosts_all',
  'ansible_run_tags',
  'ansible_skip_tags',
  'playbook_dir',
  'role_name',
  'role_path',
  'ansible_role_name',
  'check_mode',
  'ansible_check_mode',
  'omit',
  'facts',
];

export interface ScopeInput {
  readonly plan: Plan;
  readonly play: PlannedPlay;
  readonly inventory: Inventory;
  readonly host: string;
  readonly layers: StaticLayers;
  readonly role?: RolePlace | undefined;
  readonly check: boolean;
  /**
   * What came up in the run: registers and set_fact, then the loop variable; the strongest but for
   * `--extra-vars`.
   */
  readonly dynamic: readonly Layer[];
  /** The facts of the host, or an unknown. */
  readonly facts: unknown;
  /** Where the play is; not known before the run. */
  readonly course?: { readonly batch: readonly string[]; readonly going: () => readonly string[] };
  /**
   * What `hostvars` gives of a host, see {@link hostVariables}; without, what the inventory has.
   */
  readonly variablesOf?: (host: string) => Readonly<Record<string, unknown>>;
}

/** The variables of a task on a host, by their precedence (docs/language.md). */
export function hostScope(input: ScopeInput): Scope {
  const { leftOut } = input.plan;
  return createScope(layersOf(input), name => {
    const task = leftOut?.get(name);
    return task && `The task "${task}" sets it, which --from leaves out. Begin there, or give it a value with -e.`;
  });
}

/** The layers of {@link hostScope}, the weakest first. */
export function layersOf(input: ScopeInput): readonly Layer[] {
  const { plan, layers, dynamic } = input;
  const host = hostOf(input.inventory, input.host);
  const own: readonly Layer[] = host.variables;
  return [
    ...layers.roleDefaults,
    ...own,
    ...layers.play,
    ...layers.roleVars,
    ...layers.params,
    ...layers.local,
    ...dynamic,
    plan.extraVars,
    magicLayer(input, host),
  ];
}

/**
 * What `hostvars` gives of a host: its variables of the inventory and of the run, and none of a
 * play or role.
 */
export function hostVariables(
  input: Pick<ScopeInput, 'plan' | 'inventory' | 'host' | 'dynamic' | 'facts'>,
): Readonly<Record<string, unknown>> {
  const { plan, inventory, dynamic } = input;
  const host = hostOf(inventory, input.host);
  const scope = createScope([...host.variables, ...dynamic, plan.extraVars, identityLayer(input, host)]);
  return lazyMap(scope.names(), name => scope.resolve(name));
}

/** A host of the inventory; `localhost` needs none. */
export function hostOf(inventory: Inventory, name: string): Host {
  return inventory.hosts.get(name) ?? { name, groups: [], variables: [] };
}

const unasked = unknown('that host was not asked');

/** Names of a host that are the same in every play. */
function identityLayer(
  { inventory, host, facts }: Pick<ScopeInput, 'inventory' | 'host' | 'facts'>,
  { groups }: Host,
): Layer {
  const values = {
    inventory_hostname: host,
    inventory_hostname_short: host.split('.')[0],
    group_names: groups,
    groups: membersOf(inventory),
    facts,
  };
  return { origin: 'Hostwright', literal: true, values };
}

function magicLayer(input: ScopeInput, of: Host): Layer {
  const { plan, inventory, host, play, role, check, course } = input;
  const fromInventory = (name: string) => hostVariables({ plan, inventory, host: name, dynamic: [], facts: unasked });
  const variablesOf = input.variablesOf ?? fromInventory;
  const inRun = (hosts: readonly string[] | undefined) => hosts ?? unknown('hosts are told apart in the run');
  const values = {
    ...identityLayer(input, of).values,
    play_hosts: play.hosts,
    ansible_play_name: play.name,
    ansible_play_batch: inRun(course?.batch),
    /** Counted only for who asks: a fleet has many hosts. */
    get ansible_play_hosts() {
      return inRun(course?.going());
    },
    ansible_play_hosts_all: play.hosts,
    ansible_run_tags: plan.tags.only.length > 0 ? plan.tags.only : ['all'],
    ansible_skip_tags: plan.tags.skip,
    playbook_dir: resolve(dirname(play.play.part.source.file)),
    ...(role && { role_name: role.name, ansible_role_name: role.name, role_path: role.directory }),
    check_mode: check,
    ansible_check_mode: check,
    // An argument that is null was not given.
    omit: null,
    /** Made only for who asks: a fleet has many hosts. */
    get hostvars() {
      return lazyMap(new Set([...inventory.hosts.keys(), host]), variablesOf);
    },
  };
  return { origin: 'Hostwright', literal: true, values };
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
