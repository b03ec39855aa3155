import type { DomainArgs } from '../../host/domain/args.ts';
import type { HypervOffer } from '../../host/libvirt/enlightenments.ts';
import { virsh } from '../../host/libvirt/virsh.ts';
import { at, attribute, child, children, parseXml, rootOf, textOf } from '../../host/libvirt/xml.ts';
import { type Look, map, printed } from '../../shell/look.ts';
import { join, raw, sh } from '../../shell/quote.ts';

/** Whether the arguments are about enlightenments, which a host has or has not. */
export function asksForHyperv(args: Pick<DomainArgs, 'features' | 'pv_preset'>): boolean {
  return args.pv_preset === 'windows' || args.features?.hyperv !== undefined;
}

/**
 * What a domain of this kind can have here. What the look leaves with says nothing where that
 * domain does not exist.
 * @throws CannotTell
 */
export function hypervOffer(name: string, uri: string): Look<HypervOffer> {
  const call = virsh(uri);
  const text = join([
    sh`xml=$(${call} dumpxml --inactive --domain ${name}) || exit`,
    raw(`pick() { printf '%s\\n' "$xml" | sed -n "$1" | head -n 1; }`),
    raw(`type=$(pick "s/^<domain type='\\([^']*\\)'.*/\\1/p")`),
    raw(`arch=$(pick "s/^ *<type arch='\\([^']*\\)'.*/\\1/p")`),
    raw(`emulator=$(pick 's|^ *<emulator>\\(.*\\)</emulator>.*|\\1|p')`),
    raw(`[ -n "$type" ] && [ -n "$arch" ] && [ -n "$emulator" ] ||
  { echo 'the definition has no type, architecture or emulator where libvirt prints them' >&2; exit 65; }`),
    sh`${call} domcapabilities --virttype "$type" --arch "$arch" --emulatorbin "$emulator"`,
  ]);
  return map(printed('virsh domcapabilities', text), capabilities => {
    const root = rootOf(parseXml(capabilities, 'domainCapabilities', "what libvirt's host can do"));
    const hyperv = at(root, 'features', 'hyperv');
    const list = hyperv && children(hyperv, 'enum').find(one => attribute(one, 'name') === 'features');
    const cpu = child(root, 'cpu');
    const model = cpu && children(cpu, 'mode').find(mode => attribute(mode, 'name') === 'host-model');
    return {
      offered: hyperv && (list ? children(list, 'value').map(textOf) : []),
      vendor: textOf(child(model, 'vendor')),
    };
  });
}
