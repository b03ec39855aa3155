import { followedBy, refuse, storedAndLive } from '../../decision.ts';
import { edited } from '../../host/lines/decide.ts';
import { raw } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { refuseChange, refuseDevice, refuseStored } from './guards.ts';
import { deviceState } from './look.ts';
import type { Connection } from './owners.ts';
import { type Rule, withRule } from './rule.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { sameDevice, setDevice } from './set-device.ts';

export const sriov = defineModule({
  name: 'sriov',
  summary: 'Owns the number of virtual functions of a PCI device, live and at boot.',
  description: `Compares \`sriov_numvfs\` in sysfs and a line of udev rules, and says which of the
two differed. The kernel changes a number only by way of 0, which takes all functions away: refused
while one of them is bound to vfio-pci, is in a running guest, or is used by the host itself; with
consent (\`service-interruption\`) otherwise. A device by which the host is reached (default route,
SSH, also below a bridge or a bond) is left alone without \`allow_management\`.

\`persist: auto\` leaves it to NetworkManager where its connection has that \`sriov.total-vfs\`,
and writes the rule otherwise. NetworkManager is never told: it would take the link down. No .link
file is written: the first that matches an interface also names it, so one of ours could rename it
at the next boot.`,
  args,
  returns,
  examples,
  owns: ({ pf, numvfs }) => [{ subject: `PCI device ${pf}`, attribute: 'virtual functions', value: String(numvfs) }],
  look: args => deviceState(args),
  decide(args, state) {
    const { pf, file, connections, iommu } = state;
    if (!pf) {
      return refuse(
        `there is no device ${args.pf}`,
        'ls /sys/class/net, and for PCI addresses: ls /sys/bus/pci/devices.',
        { needs: [{ kind: 'kernel-module', name: '*' }] },
      );
    }
    const renumber = pf.current !== args.numvfs;
    const reprobe = args.autoprobe !== undefined && args.autoprobe !== pf.autoprobe;
    const refused =
      refuseDevice(pf, args) ?? (renumber ? refuseChange(pf, args, state) : undefined) ?? refuseStored(pf, args, state);
    if (refused) return refused;
    const text = withRule(file.text, pf.address, ruleOf(args, connections));
    const stored = text === file.text ? undefined : edited(file, text, { validate });
    const functions = renumber ? {} : { functions: pf.functions.map(one => one.address) };
    const live = [renumber && 'live number', reprobe && 'live autoprobe'].filter(Boolean);
    const reason = (rule: boolean) => {
      const parts = [...(rule ? ['stored rule'] : []), ...live];
      return `${parts.join(' and ')} ${parts.length > 1 ? 'differ' : 'differs'}`;
    };
    return storedAndLive(reason, {
      stored: stored && followedBy(stored, script({ reload: raw('udevadm control --reload') })),
      live: renumber || reprobe ? setDevice(pf, args, state) : undefined,
      same: `has ${pf.current} of ${pf.total} virtual functions`,
      result: { address: pf.address, numvfs: args.numvfs, totalvfs: pf.total, ...functions, iommu },
      more: { guard: script({ device: sameDevice(pf) }) },
    });
  },
});

/** udevadm can check rules from systemd 254 on. */
const validate = `sh -c 'udevadm verify --help >/dev/null 2>&1 || exit 0; udevadm verify "$1"' sh %s`;

function ruleOf({ autoprobe, numvfs, persist }: Args, connections: readonly Connection[]): Rule | undefined {
  const managed = connections.some(one => one.functions === numvfs && numvfs > 0);
  if (persist === 'none' || persist === 'networkmanager' || (persist === 'auto' && managed)) return undefined;
  return numvfs === 0 && autoprobe === undefined ? undefined : { numvfs, autoprobe };
}
