import type { DomainArgs } from '../../host/domain/args.ts';
import type { HypervOffer } from '../../host/libvirt/enlightenments.ts';
import { virsh } from '../../host/libvirt/virsh.ts';
import { at, attribute, child, children, parseXml, textOf } from '../../host/libvirt/xml.ts';
import { accept } from '../../shell/answer.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';

/** Whether the arguments are about enlightenments, which a host has or has not. */
export function asksForHyperv(args: Pick<DomainArgs, 'features' | 'pv_preset'>): boolean {
  return args.pv_preset === 'windows' || args.features?.hyperv !== undefined;
}

/**
 * Probe section that asks what a domain of this kind can have here. What it leaves with says
 * nothing where that domain does not exist.
 */
export function offerSection(name: string, uri: string): Readonly<Record<'offer', ShellText>> {
  const call = virsh(uri);
  return {
    offer: join([
      sh`xml=$(${call} dumpxml --inactive --domain ${name}) || exit`,
      raw(`pick() { printf '%s\\n' "$xml" | sed -n "$1" | head -n 1; }`),
      raw(`type=$(pick "s/^<domain type='\\([^']*\\)'.*/\\1/p")`),
      raw(`arch=$(pick "s/^ *<type arch='\\([^']*\\)'.*/\\1/p")`),
      raw(`emulator=$(pick 's|^ *<emulator>\\(.*\\)</emulator>.*|\\1|p')`),
      raw(`[ -n "$type" ] && [ -n "$arch" ] && [ -n "$emulator" ] ||
  { echo 'the definition has no type, architecture or emulator where libvirt prints them' >&2; exit 65; }`),
      sh`${call} domcapabilities --virttype "$type" --arch "$arch" --emulatorbin "$emulator"`,
    ]),
  };
}

/** What {@link offerSection} saw. @throws CannotTell */
export function readOffer(answer: Answer): HypervOffer {
  const { stdout } = accept(answer, 'offer', [0], 'virsh domcapabilities');
  const root = parseXml(stdout, 'domainCapabilities', "what libvirt's host can do").documentElement!;
  const hyperv = at(root, 'features', 'hyperv');
  const list = hyperv && children(hyperv, 'enum').find(one => attribute(one, 'name') === 'features');
  const cpu = child(root, 'cpu');
  const model = cpu && children(cpu, 'mode').find(mode => attribute(mode, 'name') === 'host-model');
  return {
    offered: hyperv && (list ? children(list, 'value').map(textOf) : []),
    vendor: textOf(child(model, 'vendor')),
  };
}
