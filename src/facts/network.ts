import { all, map, printed } from '../shell/look.ts';
import { raw } from '../shell/quote.ts';
import { defineFacts } from './fact.ts';
import { trimmed } from './parse.ts';
import { integer, list, record, text } from './schema.ts';

export const network = defineFacts({
  name: 'network',
  summary: 'The name of the host and its addresses.',
  schema: record({
    hostname: text('The name as the kernel has it.'),
    addresses: list(
      record({
        interface: text('br0'),
        family: text('inet or inet6'),
        address: text('10.0.0.7'),
        prefix: integer('24'),
      }),
      'Addresses of global scope; a hundred taps of guests have none.',
    ),
    interfaces: list(
      record({
        name: text('eth0, br0, …'),
        mac: text('Its hardware address; empty where it has none.'),
        mtu: integer('Bytes.'),
        state: text('up, down, unknown, … as the kernel has it.'),
      }),
      'All interfaces, also those without addresses.',
    ),
    default_interface: text('Where packets to the world go (IPv4); empty where there is no default route.'),
  }),
  look: map(
    all({
      hostname: trimmed('uname', raw('uname -n')),
      addresses: map(printed('ip', raw('ip -o addr show scope global')), parseAddresses),
      routes: map(printed('cat /proc/net/route', raw('cat /proc/net/route')), defaultInterface),
      // With builtins alone: a host has an interface for each network card of each guest.
      interfaces: map(
        printed(
          'sh',
          raw(`for dir in /sys/class/net/*/; do
  { read -r mtu <"$dir/mtu" && read -r state <"$dir/operstate"; } 2>/dev/null || continue
  read -r mac 2>/dev/null <"$dir/address" || mac=
  name=\${dir%/}
  printf '%s\\t%s\\t%s\\t%s\\n' "\${name##*/}" "$mac" "$mtu" "$state"
done`),
        ),
        parseInterfaces,
      ),
    }),
    ({ routes, ...seen }) => ({ ...seen, default_interface: routes }),
  ),
});

/** Where packets to the world go: the route of the smallest metric. */
function defaultInterface(routes: string): string {
  const rows = routes.split('\n').map(line => line.split('\t'));
  const defaults = rows.filter(([, destination, , , , , , mask]) => destination === '00000000' && mask === '00000000');
  return defaults.toSorted((a, b) => Number(a[6]) - Number(b[6]))[0]?.[0] ?? '';
}

/** Lines of name, hardware address, MTU and state, with tabs between them. */
function parseInterfaces(lines: string) {
  const rows = lines.split('\n').filter(line => line !== '');
  return rows.map(line => {
    const [name = '', mac = '', mtu = '', state = ''] = line.split('\t');
    return { name, mac, mtu: Number(mtu), state };
  });
}

/** `2: eth0    inet 10.0.2.15/24 brd 10.0.2.255 scope global eth0`; busybox prints the same. */
function parseAddresses(lines: string) {
  return [...lines.matchAll(/^\d+: (\S+?)(?:@\S+)?\s+(inet6?) ([^\s/]+)(?:\/(\d+))?/gm)].map(
    ([, name = '', family = '', address = '', prefix]) => ({
      interface: name,
      family,
      address,
      prefix: Number(prefix ?? (family === 'inet6' ? 128 : 32)),
    }),
  );
}
