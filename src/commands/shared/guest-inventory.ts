import { guests as guestFacts } from '../../facts/guests.ts';
import { printableLines } from '../../reporters/printable.ts';
import { askHosts, type HostAnswer } from './ask-hosts.ts';
import type { RunFlags } from './options.ts';

type Guests = NonNullable<ReturnType<typeof guestFacts.read>>;

/**
 * Prints the guests of hypervisors as the JSON of an inventory program: a group for each hypervisor
 * (`guests_of_hv1`) and each state (`guests_running`), and for each guest its address, hypervisor,
 * UUID and state. Half an inventory would be a wrong one: where a hypervisor does not answer
 * nothing is printed.
 * @returns the exit code
 */
export async function guestInventory(pattern: string, flags: RunFlags): Promise<number> {
  const answers: HostAnswer[] = [];
  const exitCode = await askHosts(pattern, [guestFacts], flags, answer => answers.push(answer));
  for (const { host, error } of answers.filter(answer => answer.error !== undefined))
    process.stderr.write(printableLines(`${host}: ${error}\n`));
  const silent = answers.filter(({ facts }) => facts && facts.guests === null);
  for (const { host } of silent)
    process.stderr.write(`${host}: no libvirt answers there, so its guests are not known\n`);
  if (exitCode !== 0) return exitCode;
  if (silent.length > 0) return 2;
  process.stdout.write(`${JSON.stringify(inventoryOf(answers), undefined, 2)}\n`);
  return 0;
}

/**
 * The inventory of answers. A name that guests of two hypervisors have is told apart by the
 * hypervisor: `vm1@hv2`.
 */
export function inventoryOf(answers: readonly HostAnswer[]): object {
  const all = answers
    .toSorted((a, b) => (a.host < b.host ? -1 : 1))
    .flatMap(({ host, facts }) => ((facts?.guests ?? []) as Guests).map(guest => ({ hypervisor: host, guest })));
  const count = Map.groupBy(all, ({ guest }) => guest.name);
  const named = all.map(({ hypervisor, guest }) => ({
    hypervisor,
    guest,
    name: (count.get(guest.name) ?? []).length > 1 ? `${guest.name}@${hypervisor}` : guest.name,
  }));
  const groups: Record<string, { hosts: string[] }> = {};
  for (const { name, hypervisor, guest } of named) {
    for (const group of [`guests_of_${hypervisor}`, `guests_${guest.state.replaceAll(' ', '_')}`])
      groups[group] = { hosts: [...(groups[group]?.hosts ?? []), name] };
  }
  const variables = named.map(({ name, hypervisor, guest }) => [name, variablesOf(hypervisor, guest)]);
  return { ...groups, _meta: { hostvars: Object.fromEntries(variables) } };
}

/**
 * The first address of libvirt's own DHCP server is surer than what the hypervisor has heard of.
 */
function variablesOf(hypervisor: string, { uuid, state, addresses }: Guests[number]): object {
  const usable = addresses.filter(({ address }) => !/^(127\.|::1$|fe80:)/i.test(address));
  const [best] = usable.toSorted((a, b) => Number(a.source === 'arp') - Number(b.source === 'arp'));
  return { hypervisor, uuid, state, ...(best ? { ansible_host: best.address } : {}) };
}
