import { allDomains, domainDocuments } from '../../host/libvirt/all-domains.ts';
import { domainOf } from '../../host/libvirt/domain-element.ts';
import { splitAnswers, virsh, virshMark } from '../../host/libvirt/virsh.ts';
import { at, attribute, child, children, type Element, parseXml, textOf } from '../../host/libvirt/xml.ts';
import { all, ask, type Look, look, map, own } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import type { PhysicalFunction } from './device.ts';

/** A guest that has, or will have, a virtual function. */
export interface Guest {
  readonly name: string;
  readonly running: boolean;
}

/** Documents of libvirt, to be asked which guests use a device. */
export interface Documents {
  readonly domains: readonly Element[];
  readonly networks: readonly Element[];
}

/**
 * Every document of guests, and all networks; none where there is no libvirt.
 * @throws CannotTell
 */
export function documents(uri: string): Look<Documents> {
  const domains = look({ [own]: allDomains(uri, 'every document') }, answer =>
    domainDocuments(answer, own).map(domainOf),
  );
  return all({ domains, networks: networks(uri) });
}

/** @throws CannotTell */
function networks(uri: string): Look<readonly Element[]> {
  const call = virsh(uri);
  const text = sh`command -v virsh >/dev/null || exit 3
ids=$(${call} net-list --all --uuid) || exit 1
for id in $ids; do ${call} net-dumpxml "$id" || exit 1; echo ${virshMark}; done`;
  return map(ask('virsh', text, [0, 3]), ({ code, stdout }) => {
    const texts = code === 3 ? [] : splitAnswers(stdout).filter(one => one.trim() !== '');
    return texts.flatMap(one => parseXml(one, 'network', 'the definition of a network').documentElement ?? []);
  });
}

/** Guests whose documents name one of the virtual functions, itself or by a network of them. */
export function guestsOf(pf: PhysicalFunction, { domains, networks }: Documents): readonly Guest[] {
  const addresses = pf.functions.map(one => one.address);
  const pools = networks.filter(network => {
    const forward = child(network, 'forward');
    if (!forward) return false;
    const owners = children(forward, 'pf').map(one => attribute(one, 'dev') ?? '');
    return (
      owners.some(name => pf.interfaces.includes(name)) ||
      children(forward, 'address').some(one => addresses.includes(addressOf(one)))
    );
  });
  const names = pools.map(network => textOf(child(network, 'name')));
  const users = domains.filter(domain => {
    const devices = child(domain, 'devices');
    if (!devices) return false;
    return ['hostdev', 'interface', 'disk'].some(kind =>
      children(devices, kind).some(device => {
        const source = at(device, 'source', 'address');
        const network = attribute(child(device, 'source'), 'network');
        return (source && addresses.includes(addressOf(source))) || (network !== undefined && names.includes(network));
      }),
    );
  });
  const found = [...new Set(users.map(domain => textOf(child(domain, 'name'))))];
  return found.map(name => ({
    name,
    // Only a running domain has a number.
    running: domains.some(one => textOf(child(one, 'name')) === name && attribute(one, 'id') !== undefined),
  }));
}

/** `<address domain='0x0000' bus='0x01' slot='0x00' function='0x1'/>` as `0000:01:00.1`. */
function addressOf(element: Element): string {
  const part = (name: string, width: number) =>
    Number(attribute(element, name) ?? 0)
      .toString(16)
      .padStart(width, '0');
  return `${part('domain', 4)}:${part('bus', 2)}:${part('slot', 2)}.${part('function', 1)}`;
}
