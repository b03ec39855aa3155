import { attribute, child, type Element } from '../libvirt/xml.ts';
import type { DiskArgs } from './args.ts';
import type { Illegal } from './illegal.ts';

/** A disk whose I/O does not go through QEMU and the host's kernel as that of others does. */
interface Backend {
  readonly what: string;
  readonly why: string;
  /** Arguments that it can have all the same. */
  readonly has: readonly string[];
}

const backends: Readonly<Record<string, Backend>> = {
  vhostuser: {
    what: 'a vhost-user disk',
    why:
      'Another process (SPDK, qemu-storage-daemon) carries out its I/O, so QEMU has no ' +
      'cache, no io mode and no I/O thread for it; set those there.',
    has: ['queues', 'queue_size'],
  },
  nvme: {
    what: 'an NVMe device that QEMU drives by itself',
    why: "The host's kernel has no part in it, so there is no host cache and no aio to choose; it stays as it is.",
    has: [],
  },
};

/** Why this disk is left alone, where what is asked of it does not exist. */
export function backendRule(target: string, disk: Element, wanted: DiskArgs): Illegal | undefined {
  const type = attribute(disk, 'type') ?? '';
  const backend = backends[type];
  const asked = Object.entries(wanted).filter(([name, value]) => value !== undefined && name !== 'drivers_present');
  const foreign = asked.map(([name]) => name).filter(name => !backend?.has.includes(name));
  if (backend && foreign.length > 0) {
    return {
      message: `disk ${target} is ${backend.what}, which cannot have ${foreign.join(', ')}`,
      advice: `${backend.why} Take ${target} out of the list.`,
    };
  }
  if (type !== 'network' || wanted.io === undefined) return undefined;
  const protocol = attribute(child(disk, 'source'), 'protocol') ?? 'network';
  return {
    message: `disk ${target} is a ${protocol} disk, which has no io mode`,
    advice: `QEMU's own client of ${protocol} does its I/O; io is for files and block devices. Leave io out.`,
  };
}
