import { disksOf } from '../../host/libvirt/domain-element.ts';
import { virsh } from '../../host/libvirt/virsh.ts';
import { attribute, child, children, type Element, textOf } from '../../host/libvirt/xml.ts';
import { type ShellText, sh } from '../../shell/quote.ts';

/** Something outside of a definition without which the domain does not start. */
interface Source {
  /** What needs it: `disk vda`. */
  readonly user: string;
  readonly name: string;
  /** Succeeds where it is there. */
  readonly there: ShellText;
}

/**
 * Commands that end the shell with a message where something that a domain needs to start is not
 * there: a file, a device, a volume, a network. QEMU's
 * translation of the definition (`domxml-to-native`) looks at none of them.
 */
export function sourcesThere(domain: Element, uri: string): readonly ShellText[] {
  const name = textOf(child(domain, 'name'));
  return [...diskSources(domain, uri), ...bootFiles(domain), ...networks(domain, uri)].map(source => {
    const missing = `${source.user} of ${name} needs ${source.name}, which is not there`;
    return sh`${source.there} || { echo ${`${missing}; ${name} has not been shut down`} >&2; exit 1; }`;
  });
}

function diskSources(domain: Element, uri: string): readonly Source[] {
  return [...disksOf(domain)].flatMap(([target, disk]) => {
    const source = child(disk, 'source');
    // libvirt starts the domain with an empty drive instead.
    if (attribute(source, 'startupPolicy') === 'optional') return [];
    const user = `disk ${target}`;
    const path = attribute(source, 'file') ?? attribute(source, 'dev') ?? attribute(source, 'dir');
    if (path) return [fileSource(user, path)];
    const [pool, volume] = [attribute(source, 'pool'), attribute(source, 'volume')];
    if (pool === undefined || volume === undefined) return [];
    const there = sh`${virsh(uri)} vol-path --pool ${pool} --vol ${volume} >/dev/null`;
    return [{ user, name: `the volume ${volume} of the pool ${pool}`, there }];
  });
}

function bootFiles(domain: Element): readonly Source[] {
  const os = child(domain, 'os');
  return ['kernel', 'initrd', 'loader'].flatMap(name => {
    const path = textOf(os && child(os, name));
    return path === '' ? [] : [fileSource(name, path)];
  });
}

function networks(domain: Element, uri: string): readonly Source[] {
  const devices = child(domain, 'devices');
  return (devices ? children(devices, 'interface') : []).flatMap(one => {
    const user = `interface ${attribute(child(one, 'mac'), 'address') ?? ''}`.trim();
    const source = child(one, 'source');
    const network = attribute(source, 'network');
    if (network !== undefined) {
      const there = sh`${virsh(uri)} net-list --name | grep -q -x -F -e ${network}`;
      return [{ user, name: `the network ${network}, active`, there }];
    }
    const device = attribute(source, 'bridge') ?? attribute(source, 'dev');
    return device === undefined ? [] : [{ ...fileSource(user, `/sys/class/net/${device}`), name: device }];
  });
}

function fileSource(user: string, path: string): Source {
  return { user, name: path, there: sh`[ -e ${path} ]` };
}
