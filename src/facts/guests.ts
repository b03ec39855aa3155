import { answered, hasVirsh, virshReadOnly as virsh } from '../host/libvirt/read-only.ts';
import { listed } from '../host/libvirt/virsh.ts';
import { CannotTell } from '../shell/answer.ts';
import { all, type Look, later, map, printed } from '../shell/look.ts';
import { type ShellText, sh } from '../shell/quote.ts';
import { defineFacts } from './fact.ts';
import { list, record, text } from './schema.ts';

export const guests = defineFacts({
  name: 'guests',
  summary: 'Guests of a hypervisor and their addresses (null: no libvirt).',
  schema: list(
    record({
      name: text('The domain.'),
      uuid: text('Its UUID.'),
      state: text('running, paused, shut off, …'),
      addresses: list(
        record({
          interface: text('The interface on the hypervisor.'),
          mac: text('The address of its card.'),
          address: text('An IP address, without its prefix.'),
          source: text("lease: from the DHCP server of libvirt's network. arp: from the hypervisor's own table."),
        }),
      ),
    }),
  ),
  look: map(
    all({
      client: hasVirsh(),
      domains: later(answered(sh`${virsh} list --all --uuid --name`)),
      states: later(
        lines(sh`for id in $(${virsh} list --all --uuid); do echo "$id $(${virsh} domstate "$id")" || exit; done`),
      ),
      // A lease outlives its guest: only what runs is asked for addresses.
      addresses: later(
        lines(
          sh`for id in $(${virsh} list --uuid); do
  for source in lease arp; do ${virsh} domifaddr "$id" --source $source 2>/dev/null | \
sed -n "3,\\$s/^/$id $source /p"; done
done`,
        ),
      ),
    }),
    ({ addresses, client, domains, states }) => {
      const list = client ? domains() : undefined;
      return list === undefined ? null : guestsIn(listed(list), states(), addresses().flatMap(addressIn));
    },
  ),
});

function lines(text: ShellText): Look<readonly string[]> {
  return map(printed('virsh', text), listed);
}

/** @throws CannotTell */
function guestsIn(list: readonly string[], states: readonly string[], addresses: readonly Address[]) {
  const stateOf = new Map(states.map(splitFirst));
  return list.map(line => {
    const [uuid, name] = splitFirst(line);
    const state = stateOf.get(uuid);
    if (state === undefined) throw new CannotTell(`virsh does not say the state of ${name}`);
    const own = addresses.filter(({ id }) => id === uuid).map(({ id: _, ...address }) => address);
    return { name, uuid, state, addresses: own };
  });
}

interface Address {
  /** The UUID of the guest. */
  readonly id: string;
  readonly source: string;
  readonly interface: string;
  readonly mac: string;
  readonly address: string;
}

function splitFirst(line: string): readonly [string, string] {
  const at = line.search(/\s/);
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at).trim()];
}

/**
 * `UUID lease vnet0 52:54:00:11:22:33 ipv4 192.168.122.10/24`; a further address of an interface
 * has dashes in its place.
 */
function addressIn(line: string): readonly Address[] {
  const [id, source, name, mac, , address] = line.split(/\s+/);
  if (id === undefined || source === undefined || name === undefined || mac === undefined || address === undefined)
    return [];
  return [{ id, source, interface: name, mac, address: address.replace(/\/.*$/, '') }];
}
