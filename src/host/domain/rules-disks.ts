import { disksOf, ioThreadIds, isVirtioScsi, scsiControllers } from '../libvirt/domain-element.ts';
import { attribute, child, type Element } from '../libvirt/xml.ts';
import type { DomainArgs } from './args.ts';
import { bypassesHostCache } from './check-disks.ts';
import { mappedThreads } from './edit-mapping.ts';
import type { Illegal } from './illegal.ts';
import { backendRule } from './rules-backends.ts';

/** What libvirt rejects of the disks. */
export function diskRules(domain: Element, args: DomainArgs): Illegal | undefined {
  const disks = disksOf(domain);
  for (const [target, wanted] of Object.entries(args.disks ?? {})) {
    const disk = disks.get(target);
    if (!disk) {
      return { message: `has no disk ${target}`, advice: `Its disks are ${[...disks.keys()].join(', ') || 'none'}.` };
    }
    const backend = backendRule(target, disk, wanted);
    if (backend) return backend;
    const driver = child(disk, 'driver');
    const of = (name: string): string | undefined => attribute(driver, name);
    if (of('io') === 'native' && !bypassesHostCache(of('cache'))) {
      return {
        message: `disk ${target} would have io=native with cache=${of('cache') ?? '(unset)'}, which libvirt rejects`,
        advice: 'io=native needs cache none or directsync; with any other cache use io=threads.',
      };
    }
    if (of('detect_zeroes') === 'unmap' && of('discard') !== 'unmap') {
      return {
        message: `disk ${target} would have detect_zeroes=unmap without discard=unmap`,
        advice: 'Set discard: unmap too.',
      };
    }
    const bus = attribute(child(disk, 'target'), 'bus') ?? '';
    if (bus === 'virtio') continue;
    if (wanted.iothread !== undefined || wanted.iothreads !== undefined) {
      return {
        message: `disk ${target} is on bus ${bus}, which has no I/O threads`,
        advice:
          bus === 'scsi'
            ? 'With virtio-scsi the I/O thread belongs to the controller: scsi_controllers.'
            : 'Only virtio disks have them.',
      };
    }
    if (wanted.queues !== undefined || wanted.queue_size !== undefined) {
      return {
        message: `disk ${target} is on bus ${bus}, and only disks on virtio have queues of their own`,
        advice:
          bus === 'scsi' ? 'Set the queues of the controller: scsi_controllers.' : 'Leave queues and queue_size out.',
      };
    }
  }
  return undefined;
}

/** What libvirt rejects of controllers, and threads that are not there. */
export function controllerRules(domain: Element, args: DomainArgs): Illegal | undefined {
  const controllers = scsiControllers(domain);
  for (const index of Object.keys(args.scsi_controllers ?? {})) {
    const model = attribute(controllers.get(index), 'model');
    if (!isVirtioScsi(controllers.get(index))) {
      return {
        message: `SCSI controller ${index} is of the model ${model ?? 'auto'}, which has no queues and I/O threads`,
        advice: 'Use the index of a virtio-scsi controller, or a free one.',
      };
    }
    if (Number(index) >= controllers.size) {
      return {
        message: `would have SCSI controller ${index} and none below it, which libvirt would fill with another model`,
        advice: `The next free index is ${controllers.size - 1}.`,
      };
    }
  }
  return undefinedThread(domain);
}

function undefinedThread(domain: Element): Illegal | undefined {
  const ids = ioThreadIds(domain);
  const users = [
    ...[...disksOf(domain)].map(([target, disk]) => [`disk ${target}`, disk] as const),
    ...[...scsiControllers(domain)].map(([index, element]) => [`SCSI controller ${index}`, element] as const),
  ];
  for (const [user, element] of users) {
    const driver = child(element, 'driver');
    const single = attribute(driver, 'iothread');
    const used = [...mappedThreads(driver), ...(single === undefined ? [] : [single])];
    const unknown = used.find(id => !ids.includes(Number(id)));
    if (unknown !== undefined) {
      return {
        message: `${user} uses I/O thread ${unknown}, and the domain would have ${ids.join(', ') || 'none'}`,
        advice: 'Raise iothreads, or map it to a thread that is there.',
      };
    }
  }
  return undefined;
}
