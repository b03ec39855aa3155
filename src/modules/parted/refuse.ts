import { type Refuse, refuse } from '../../decision.ts';
import type { Device } from '../../host/lvm/device.ts';
import { describeDevice } from '../../host/lvm/device-claim.ts';
import type { Table } from './table.ts';

/** The disk itself is used, or its table is not sound: then nothing in it is changed. */
export function unchangeable(device: Device, table: Table): Refuse | undefined {
  const where = describeDevice(device);
  const advice = 'Check the path; what uses the whole disk has no partitions next to it.';
  if (device.readOnly) return refuse(`${where} is read-only`, advice);
  if (device.mountedOn.length > 0) {
    return refuse(`${where} as a whole is mounted on ${device.mountedOn.join(', ')}`, advice);
  }
  if (device.swap) return refuse(`${where} as a whole is used as swap`, advice);
  if (device.holders.length > 0 || device.multipathPath) {
    return refuse(`${where} as a whole is held by ${device.holders.join(', ') || 'multipath'}`, advice);
  }
  const used = usedBy(device, device.real.replace('/dev/', ''));
  if (used !== undefined) return refuse(`${where} as a whole ${used}`, advice);
  const others = device.signatures.filter(type => !['gpt', 'dos', 'PMBR'].includes(type));
  if (others.length > 0) {
    return refuse(
      `${where} has ${others.join(', ')} on it next to a partition table`,
      'Find out which of the two is in use: wipefs shows where they lie.',
    );
  }
  if (table.defect === '') return undefined;
  return refuse(
    `the partition table of ${where} is not sound: ${table.defect}`,
    'Correct it by hand first: sfdisk --relocate gpt-bak-std if the disk was enlarged, else ' +
      'sfdisk --verify says more.',
  );
}

/** Who has the disk, or a partition of it, open or names it; undefined where nothing does. */
export function usedBy({ users }: Device, node: string): string | undefined {
  const by = users.filter(user => user.node === node).map(user => user.by);
  return by.length === 0 ? undefined : `is in use by ${by.join(', ')}`;
}

/** Somebody uses a partition. */
export function inUse(node: string, use: string): Refuse {
  return refuse(
    `/dev/${node} ${use}`,
    'Check device and number. If it is to be changed all the same, take it out of use first.',
  );
}

/** What the arguments ask for is not possible with such a label. */
export function unfitting(message: string): Refuse {
  return refuse(message, 'Correct the arguments, or the label.');
}
