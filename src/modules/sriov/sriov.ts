import { type Decision, followedBy, refuse, storedAndLive } from '../../decision.ts';
import { contentOfText } from '../../host/file/content.ts';
import { probeGoal } from '../../host/file/goal.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { largestText, readText, type TextGoal } from '../../host/lines/text.ts';
import { accept } from '../../shell/answer.ts';
import { join, raw, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { deviceSections, type PhysicalFunction, readDevice, readReached } from './device.ts';
import { hazardsOf, refuseChange, refuseDevice, refuseStored } from './guards.ts';
import { type Connection, ownerSections, readConnections, readOthers } from './owners.ts';
import { type Rule, withRule } from './rule.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { type Guest, guestsOf, readDocuments, userSections } from './users.ts';

interface State {
  readonly file: TextGoal;
  readonly pf: PhysicalFunction | undefined;
  readonly reached: readonly { readonly name: string; readonly address: string }[];
  readonly guests: readonly Guest[];
  readonly connections: readonly Connection[];
  readonly others: string;
  readonly iommu: boolean;
}

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
  probe: ({ pf, rules_file, uri }) =>
    script({
      udev: raw('command -v udevadm >/dev/null || exit 127'),
      ...deviceSections(pf),
      ...ownerSections(pf, rules_file),
      ...userSections(uri),
      ...probeGoal(rules_file, { most: largestText }),
      iommu: raw('for at in /sys/class/iommu/*; do [ ! -e "$at" ] || echo "${at##*/}"; done'),
    }),
  read(answer): State {
    accept(answer, 'udev', [0], 'udevadm');
    const pf = readDevice(answer);
    return {
      file: readText(answer),
      pf,
      reached: readReached(answer),
      guests: pf ? guestsOf(pf, readDocuments(answer)) : [],
      connections: readConnections(answer),
      others: readOthers(answer),
      iommu: accept(answer, 'iommu', [0], 'sh').stdout.trim() !== '',
    };
  },
  decide(args: Args, state): Decision<State> {
    const { pf } = state;
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
    const text = withRule(state.file.text, pf.address, ruleOf(args, state.connections));
    const differs = text !== state.file.text;
    const stored = differs ? decideReplace(state.file.goal, contentOfText(text), { validate }, {}) : undefined;
    const functions = renumber ? {} : { functions: pf.functions.map(one => one.address) };
    const live = [renumber && 'live number', reprobe && 'live autoprobe'].filter(Boolean);
    const reason = (rule: boolean) => {
      const parts = [...(rule ? ['stored rule'] : []), ...live];
      return `${parts.join(' and ')} ${parts.length > 1 ? 'differ' : 'differs'}`;
    };
    return storedAndLive(reason, {
      stored: stored && followedBy(stored, script({ reload: raw('udevadm control --reload') })),
      live:
        renumber || reprobe
          ? {
              diff: [
                {
                  subject: `${pf.address} (live)`,
                  before: shown(pf.current, reprobe ? pf.autoprobe : undefined),
                  after: shown(args.numvfs, reprobe ? args.autoprobe : undefined),
                },
              ],
              apply: script({ live: setDevice(pf, args, renumber, reprobe) }),
              ...(renumber && { hazards: hazardsOf(pf, state) }),
            }
          : undefined,
      same: `has ${pf.current} of ${pf.total} virtual functions`,
      result: { address: pf.address, numvfs: args.numvfs, totalvfs: pf.total, ...functions, iommu: state.iommu },
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

/**
 * Leaves with 75 if functions have come, gone, or got another driver: a guest that starts takes its
 * own to vfio-pci.
 */
function sameDevice({ address, current, functions }: PhysicalFunction) {
  const at = `/sys/bus/pci/devices/${address}`;
  return join([
    sh`[ "$(cat ${`${at}/sriov_numvfs`})" = ${String(current)} ] || exit 75`,
    ...functions.map(
      one =>
        sh`d=$(readlink ${`/sys/bus/pci/devices/${one.address}/driver`}); [ "\${d##*/}" = ${one.driver === '' ? raw("''") : one.driver} ] || exit 75`,
    ),
  ]);
}

/** What had functions has them again where the kernel refuses the new number. */
function setDevice(pf: PhysicalFunction, { autoprobe, numvfs }: Args, renumber: boolean, reprobe: boolean) {
  const write = (value: number, file: string) => sh`hw_kernel ${`/sys/bus/pci/devices/${pf.address}/${file}`} ${value}`;
  return join(
    [
      reprobe && write(autoprobe ? 1 : 0, 'sriov_drivers_autoprobe'),
      renumber && pf.current > 0 && write(0, 'sriov_numvfs'),
      renumber &&
        numvfs > 0 &&
        (pf.current > 0
          ? sh`{ ${write(numvfs, 'sriov_numvfs')} || { ${write(pf.current, 'sriov_numvfs')}; exit 1; }; }`
          : write(numvfs, 'sriov_numvfs')),
    ],
    ' &&\n',
  );
}

function shown(numvfs: number, autoprobe: boolean | undefined): string {
  return `${numvfs} virtual functions${autoprobe === undefined ? '' : `, autoprobe ${autoprobe ? 'on' : 'off'}`}\n`;
}
