import { disksOf } from '../libvirt/domain-element.ts';
import { at, attribute, child, children, type Element } from '../libvirt/xml.ts';
import type { DomainArgs } from './args.ts';
import type { Illegal } from './illegal.ts';

/**
 * Whether disks may move to another bus: a guest that does not find its system disk does not boot.
 */
export function busRules(domain: Element, args: DomainArgs, before: Element): Illegal | undefined {
  const now = disksOf(before);
  const moved = Object.entries(args.disks ?? {}).flatMap(([target, { bus, drivers_present }]) => {
    const disk = now.get(target);
    return disk && bus !== undefined && busOf(disk) !== bus ? [{ target, disk, bus, drivers_present }] : [];
  });
  for (const { target, disk, bus, drivers_present } of moved) {
    const problem = immovable(domain, target, disk, bus);
    if (problem) return { message: `disk ${target} ${problem.message}`, advice: problem.advice };
    if (!drivers_present) {
      return {
        message:
          `disk ${target} is on bus ${busOf(disk)}; without the driver of ${bus} the ` +
          'guest does not boot (Windows stops with 0x7B)',
        advice:
          'Install the driver and let the guest boot with a small second disk on that bus ' +
          'once; Linux needs it in its initramfs, and no /dev/sda in its fstab. Then say ' +
          'drivers_present: true.',
      };
    }
  }
  return moved.length > 0 ? bootRule(domain) : undefined;
}

function immovable(domain: Element, target: string, disk: Element, bus: string): Illegal | undefined {
  const device = attribute(disk, 'device') ?? 'disk';
  if (device !== 'disk') {
    return { message: `is a ${device}, which stays on its bus`, advice: 'Give bus for hard disks only.' };
  }
  if (bus !== 'virtio') return undefined;
  const foreign = ['wwn', 'vendor', 'product'].find(name => child(disk, name));
  if (foreign) {
    return {
      message: `has a <${foreign}>, which virtio disks cannot have`,
      advice: 'Take it out by hand first, or use bus: scsi.',
    };
  }
  // QEMU's name of a virtio disk is made of the letters behind vd, sd or hd.
  const letters = (name: string): string => name.replace(/^(xvd|[a-z]d)/, '');
  const twin = [...disksOf(domain)].find(
    ([name, other]) => name !== target && busOf(other) === 'virtio' && letters(name) === letters(target),
  );
  if (!twin) return undefined;
  return {
    message: `cannot join ${twin[0]} on virtio: QEMU would give both the same name, and the guest would not start`,
    advice: 'Rename its target by hand first, with letters that no virtio disk has.',
  };
}

/**
 * `<boot dev='hd'>` means the first disk, and libvirt sorts disks by their bus: the guest could
 * boot from another one.
 */
function bootRule(domain: Element): Illegal | undefined {
  const disks = [...disksOf(domain).values()].filter(disk => (attribute(disk, 'device') ?? 'disk') === 'disk');
  const byOrder = disks.some(disk => child(disk, 'boot'));
  const os = at(domain, 'os');
  const byKind = os !== undefined && children(os, 'boot').some(boot => attribute(boot, 'dev') === 'hd');
  if (byOrder || !byKind || new Set(disks.map(busOf)).size < 2) return undefined;
  return {
    message: 'would have disks on several buses, and boots from the first of them, whichever that is then',
    advice: "Move all of its disks, or give the system disk <boot order='1'/> by hand instead of <boot dev='hd'/>.",
  };
}

function busOf(disk: Element | undefined): string | undefined {
  return attribute(child(disk, 'target'), 'bus');
}
