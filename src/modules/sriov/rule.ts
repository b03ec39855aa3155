import { globToRegExp } from '../../host/libvirt/glob.ts';
import { withOneLine } from '../../host/lines/one-line.ts';
import type { PhysicalFunction } from './device.ts';

/** What udev gives the device when its driver has it, and when the system starts. */
export interface Rule {
  readonly numvfs: number;
  readonly autoprobe: boolean | undefined;
}

/** The text of the rules file with one line for the device; undefined takes it out. */
export function withRule(text: string, address: string, rule: Rule | undefined): string {
  return withOneLine(text, {
    keep: 'first',
    owns: line => line.includes(`KERNEL=="${address}"`),
    wanted: rule && ruleLine(address, rule),
  });
}

/** Only with a driver the kernel takes the number; one that holds already is not a change to it. */
function ruleLine(address: string, { autoprobe, numvfs }: Rule): string {
  const probes = autoprobe === undefined ? '' : `ATTR{sriov_drivers_autoprobe}="${autoprobe ? 1 : 0}", `;
  return (
    `ACTION=="add|bind", SUBSYSTEM=="pci", KERNEL=="${address}", DRIVER=="?*", ` +
    `${probes}ATTR{sriov_numvfs}="${numvfs}"`
  );
}

/**
 * A line of another file that gives this device another number of functions.
 * @param found lines of `grep -H`
 */
export function fighting(
  found: string,
  pf: PhysicalFunction,
  numvfs: number,
): { readonly file: string; readonly line: string } | undefined {
  for (const row of found.split('\n')) {
    const [, file, line] = /^([^:]+):\s*([^#\s].*)$/.exec(row) ?? [];
    const value =
      /sriov_numvfs\}\s*:?=\s*"(\d+)"/.exec(line ?? '')?.[1] ??
      /^SR-IOVVirtualFunctions\s*=\s*(\d+)/.exec(line ?? '')?.[1];
    if (file === undefined || line === undefined || value === undefined || Number(value) === numvfs) continue;
    const names = [...line.matchAll(/KERNELS?\s*==\s*"([^"]+)"/g)].flatMap(([, globs = '']) => globs.split('|'));
    const ours = [pf.address, ...pf.interfaces];
    if (names.length === 0 || names.some(glob => ours.some(one => globToRegExp(glob).test(one)))) return { file, line };
  }
  return undefined;
}
