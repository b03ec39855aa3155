import type { Command } from 'commander';
import { exitCodes, HostwrightError } from '../errors.ts';
import type { HostSets } from '../inventory/host-sets.ts';
import type { Group, Inventory } from '../inventory/inventory.ts';
import { limitedHosts } from '../inventory/patterns.ts';
import { soundInventory } from '../inventory/read-inventory.ts';
import { strayFiles } from '../inventory/stray-files.ts';
import { printable } from '../reporters/printable.ts';
import { guestInventory } from './shared/guest-inventory.ts';
import { readHostSets } from './shared/host-sets.ts';
import { connectionOptions, inventoryOptions, type RunFlags } from './shared/options.ts';
import { openInventory } from './shared/sources.ts';

interface InventoryFlags extends RunFlags {
  readonly list?: boolean;
  readonly graph?: boolean;
  readonly host?: string;
  readonly guests?: string;
}

/** `hostwright inventory --list | --graph | --host NAME | --guests PATTERN` */
export function addInventory(program: Command, done: (exitCode: number) => void): void {
  connectionOptions(
    inventoryOptions(program.command('inventory').description('Show hosts, groups and their variables.')),
  )
    .option('--list', 'everything, as JSON')
    .option('--graph', 'groups and hosts, as a tree')
    .option('--host <host>', 'the variables of one host, as JSON')
    .option('--guests <pattern>', 'the guests of these hypervisors, as an inventory in JSON')
    .addHelpText(
      'after',
      `
Examples:
  hostwright inventory -i inventory.yml --graph
  hostwright inventory -i inventory.yml --host hv1
  hostwright inventory -i inventory.yml --guests hypervisors   for a program`,
    )
    .action(async (flags: InventoryFlags) => {
      if (flags.guests !== undefined) {
        done(await guestInventory(flags.guests, flags));
        return;
      }
      const inventory = soundInventory(openInventory(flags.inventory));
      const strays = strayFiles(inventory);
      if (strays !== undefined) process.stderr.write(`${printable(strays)}\n`);
      const sets = await readHostSets(flags.limit === undefined ? [] : [flags.limit], flags);
      process.stdout.write(`${show(inventory, flags, sets)}\n`);
      done(0);
    });
}

function show(whole: Inventory, flags: InventoryFlags, sets: HostSets): string {
  if (flags.host !== undefined) return JSON.stringify(variablesOf(whole, flags.host), undefined, 2);
  const hosts = flags.limit === undefined ? [...whole.hosts.keys()] : limitedHosts(whole, flags.limit, sets);
  const inventory = flags.limit === undefined ? whole : cutDown(whole, hosts);
  if (flags.list) return JSON.stringify(listOf(inventory), undefined, 2);
  if (flags.graph || flags.limit === undefined) return graph(inventory, 'all', 0).join('\n');
  return hosts.join('\n');
}

/** The inventory with these hosts alone; groups stay, also those that are empty now. */
function cutDown(inventory: Inventory, names: readonly string[]): Inventory {
  const groups = [...inventory.groups].map(([name, group]): [string, Group] => [
    name,
    { ...group, hosts: group.hosts.filter(host => names.includes(host)) },
  ]);
  const hosts = [...inventory.hosts].filter(([name]) => names.includes(name));
  return { ...inventory, groups: new Map(groups), hosts: new Map(hosts) };
}

function variablesOf(inventory: Inventory, name: string): object {
  const host = inventory.hosts.get(name);
  if (!host) {
    throw new HostwrightError('host.unknown', `There is no host "${name}" in the inventory.`, {
      hint: 'See "hostwright inventory --graph".',
      exitCode: exitCodes.usage,
    });
  }
  return Object.assign({}, ...host.variables.map(({ values }) => values)) as object;
}

function listOf(inventory: Inventory): object {
  const groups = [...inventory.groups.values()].map(({ name, hosts, children }) => [name, { hosts, children }]);
  const hostvars = [...inventory.hosts.keys()].map(name => [name, variablesOf(inventory, name)]);
  return { ...Object.fromEntries(groups), _meta: { hostvars: Object.fromEntries(hostvars) } };
}

function graph(inventory: Inventory, name: string, depth: number): readonly string[] {
  const group = inventory.groups.get(name);
  const shown = printable(name);
  const pad = depth === 0 ? '' : `${'  |'.repeat(depth)}--`;
  const inner = `${'  |'.repeat(depth + 1)}--`;
  const children = (group?.children ?? []).flatMap(child => graph(inventory, child, depth + 1));
  return [`${pad}@${shown}:`, ...children, ...(group?.hosts ?? []).map(host => `${inner}${printable(host)}`)];
}
