import { type Refuse, refuse } from '../../decision.ts';
import { formatSize } from '../size.ts';
import type { Device } from './device.ts';

/**
 * The pseudo-type of bytes that no signature explains (Ceph, a raw database, a detached LUKS
 * header, a guest's disk).
 */
export const unrecognised = 'unrecognised';

/** The answer to "may this device be taken": what has to be wiped first, or why not. */
export type Claim = { readonly kind: 'free'; readonly wipe: readonly string[] } | Refuse;

/** A physical volume smaller than this was named by mistake: a boot partition, a firmware area. */
const smallestVolume = 2 ** 30;

/**
 * Whether a device may be taken. Empty means proven empty: no signature, and the first and last MiB
 * read in full and all zero.
 * @param owner the volume group that it belongs to, `''` for none.
 * @param allowed the signature types that the user allows to be wiped on this device.
 * @param smallest bytes that it must have at least.
 */
export function claimDevice(
  device: Device,
  owner: string,
  allowed: readonly string[],
  smallest: number = smallestVolume,
): Claim {
  const where = describeDevice(device);
  const use = inUse(device, owner);
  if (use) return refuse(`${where} ${use.is}`, use.advice);
  if (device.size < smallest) {
    const advice = smallest === smallestVolume ? 'Check the path: a disk for guests is larger.' : 'Check the path.';
    return refuse(`${where} is smaller than ${formatSize(smallest)}`, advice);
  }
  if (device.ends === 'unread') {
    return refuse(
      `the first and last MiB of ${where} could not be read in full`,
      'The disk may be broken: look at dmesg.',
    );
  }
  const found = device.signatures.length === 0 && device.ends === 'data' ? [unrecognised] : device.signatures;
  if (found.length === 0) return { kind: 'free', wipe: [] };
  if (same(found, allowed)) return { kind: 'free', wipe: found };
  const what = found[0] === unrecognised ? 'data that no signature explains' : `${found.join(', ')} on it`;
  const but = allowed.length === 0 ? '' : `; allow_wipe names ${allowed.join(', ')} for it`;
  return refuse(
    `${where} is not empty: it has ${what}${but}`,
    `If it is not needed any more: allow_wipe: {${device.path}: [${found.join(', ')}]} and --allow data-loss.`,
  );
}

/** `/dev/disk/by-id/virtio-X (vdb, 10 GiB, serial X)`: enough to find the disk in a rack. */
export function describeDevice(device: Device): string {
  const serial = device.serials[0] ? [`serial ${device.serials[0]}`] : [];
  const model = device.model ? [device.model] : [];
  return (
    `${device.path} ` +
    `(${[device.real.replace('/dev/', ''), formatSize(device.size), ...model, ...serial].join(', ')})`
  );
}

function inUse(device: Device, owner: string): { is: string; advice: string } | undefined {
  const otherPath = 'Check the path; this module never takes a device from somebody else.';
  if (owner !== '') {
    return { is: `is a physical volume of the volume group ${owner}`, advice: otherPath };
  }
  if (device.readOnly) return { is: 'is read-only', advice: 'Check the path, or why the kernel made it read-only.' };
  if (device.mountedOn.length > 0) return { is: `is mounted on ${device.mountedOn.join(', ')}`, advice: otherPath };
  if (device.swap) return { is: 'is used as swap', advice: otherPath };
  if (device.multipathPath) {
    return { is: 'is one path of a multipath device', advice: 'Name the multipath device: /dev/mapper/….' };
  }
  if (device.holders.length > 0) {
    return { is: `is held by ${device.holders.join(', ')} (RAID, multipath, LUKS or LVM)`, advice: otherPath };
  }
  if (device.users.length > 0) {
    return { is: `is in use by ${[...new Set(device.users.map(({ by }) => by))].join(', ')}`, advice: otherPath };
  }
  if (device.partitions.length > 0) {
    return {
      is: `has partitions: ${device.partitions.join(', ')}`,
      advice: 'Name one of the partitions, or remove them by hand if they are not needed.',
    };
  }
  const member = device.signatures.find(type => /_member$/.test(type) && type !== 'LVM2_member');
  if (member) return { is: `is a member of an array (${member})`, advice: 'Name the array, not its member.' };
  return undefined;
}

function same(found: readonly string[], allowed: readonly string[]): boolean {
  return [...found].sort().join() === [...new Set(allowed)].sort().join();
}
