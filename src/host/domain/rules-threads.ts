import { disksOf } from '../libvirt/domain-element.ts';
import type { Element } from '../libvirt/xml.ts';
import type { DomainArgs } from './args.ts';
import { wantedIds } from './edit-threads.ts';
import type { HostLimits } from './host-limits.ts';
import type { Illegal } from './illegal.ts';

/** I/O threads that every guest may have, also on a host with few CPUs. */
const always = 16;

/**
 * The most I/O threads that a guest may be given. libvirt's documentation says one or two for each
 * CPU of the host; one for each disk is the usual layout, and a thread whose disk is idle costs
 * next to nothing.
 */
export function mostIoThreads(cpus: number, disks: number): number {
  return Math.max(2 * cpus, disks, always);
}

/** A number of I/O threads that can only be a mistake. */
export function threadRules(domain: Element, { iothreads }: DomainArgs, host: HostLimits): Illegal | undefined {
  if (iothreads === undefined) return undefined;
  const [wanted, disks] = [wantedIds(iothreads).length, disksOf(domain).size];
  const most = mostIoThreads(host.cpus.length, disks);
  if (wanted <= most) return undefined;
  return {
    message: `would have ${wanted} I/O threads, and the host has ${host.cpus.length} CPUs for guests`,
    advice:
      `Give at most ${most}: two for each CPU, or one for each disk. Threads that wait for a ` +
      'CPU make its disks slower.',
  };
}
