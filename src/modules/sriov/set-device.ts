import type { ChangePart } from '../../decision.ts';
import { join, raw, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import type { PhysicalFunction } from './device.ts';
import { type Around, hazardsOf } from './guards.ts';
import type { Args } from './schema.ts';

/**
 * Leaves with 75 if functions have come, gone, or got another driver: a guest that starts takes its
 * own to vfio-pci.
 */
export function sameDevice({ address, current, functions }: PhysicalFunction) {
  const at = `/sys/bus/pci/devices/${address}`;
  return join([
    sh`[ "$(cat ${`${at}/sriov_numvfs`})" = ${String(current)} ] || exit 75`,
    ...functions.map(
      one =>
        sh`d=$(readlink ${`/sys/bus/pci/devices/${one.address}/driver`}); \
[ "\${d##*/}" = ${one.driver === '' ? raw("''") : one.driver} ] || exit 75`,
    ),
  ]);
}

/** Gives the device its number of functions, and says whether drivers take them. */
export function setDevice(pf: PhysicalFunction, args: Args, around: Around): ChangePart {
  const { numvfs, autoprobe } = args;
  const renumber = pf.current !== numvfs;
  const reprobe = autoprobe !== undefined && autoprobe !== pf.autoprobe;
  const probes = (on: boolean | undefined) => (reprobe && on !== undefined ? `, autoprobe ${on ? 'on' : 'off'}` : '');
  const row = (count: number, on: boolean | undefined) => `${count} virtual functions${probes(on)}\n`;
  const write = (value: number, file: string) => sh`hw_kernel ${`/sys/bus/pci/devices/${pf.address}/${file}`} ${value}`;
  const commands = [
    reprobe && write(autoprobe ? 1 : 0, 'sriov_drivers_autoprobe'),
    renumber && pf.current > 0 && write(0, 'sriov_numvfs'),
    renumber && numvfs > 0 && pf.current === 0 && write(numvfs, 'sriov_numvfs'),
    // What had functions has them again where the kernel refuses the new number.
    renumber &&
      numvfs > 0 &&
      pf.current > 0 &&
      sh`{ ${write(numvfs, 'sriov_numvfs')} || { ${write(pf.current, 'sriov_numvfs')}; exit 1; }; }`,
  ];
  return {
    diff: [{ subject: `${pf.address} (live)`, before: row(pf.current, pf.autoprobe), after: row(numvfs, autoprobe) }],
    apply: script({ live: join(commands, ' &&\n') }),
    ...(renumber && { hazards: hazardsOf(pf, around) }),
  };
}
