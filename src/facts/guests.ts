import { accept, CannotTell } from '../shell/answer.ts';
import { raw } from '../shell/quote.ts';
import { script } from '../shell/script.ts';
import { defineFacts } from './fact.ts';
import { list, record, text } from './schema.ts';

const virsh = 'virsh -r -c qemu:///system';

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
  // A lease outlives its guest: only what runs is asked for addresses.
  probe: script({
    client: raw('command -v virsh >/dev/null || exit 127'),
    domains: raw(`${virsh} list --all --uuid --name`),
    states: raw(`for id in $(${virsh} list --all --uuid); do echo "$id $(${virsh} domstate "$id")" || exit; done`),
    addresses: raw(
      `for id in $(${virsh} list --uuid); do
  for source in lease arp; do ${virsh} domifaddr "$id" --source $source 2>/dev/null | sed -n "3,\\$s/^/$id $source /p"; done
done`,
    ),
  }),
  read(answer) {
    if (answer.client?.code === 127) return null;
    // A daemon that is not there is a finding; one that may not be asked is none.
    const { code, stderr = '' } = answer.domains ?? {};
    if (code !== 0 && !/denied|authenti|not permitted/i.test(stderr)) return null;
    const lines = (section: string) =>
      accept(answer, section, [0], 'virsh')
        .stdout.split('\n')
        .map(line => line.trim())
        .filter(line => line !== '');
    const states = new Map(lines('states').map(line => splitFirst(line)));
    const addresses = lines('addresses').flatMap(readAddress);
    return lines('domains').map(line => {
      const [uuid, name] = splitFirst(line);
      const state = states.get(uuid);
      if (state === undefined) throw new CannotTell(`virsh does not say the state of ${name}`);
      const own = addresses.filter(({ id }) => id === uuid).map(({ id: _, ...address }) => address);
      return { name, uuid, state, addresses: own };
    });
  },
});

function splitFirst(line: string): readonly [string, string] {
  const at = line.search(/\s/);
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at).trim()];
}

/**
 * `UUID lease vnet0 52:54:00:11:22:33 ipv4 192.168.122.10/24`; a further address of an interface
 * has dashes in its place.
 */
function readAddress(
  line: string,
): readonly { id: string; source: string; interface: string; mac: string; address: string }[] {
  const [id, source, name, mac, , address] = line.split(/\s+/);
  if (id === undefined || source === undefined || name === undefined || mac === undefined || address === undefined)
    return [];
  return [{ id, source, interface: name, mac, address: address.replace(/\/.*$/, '') }];
}
