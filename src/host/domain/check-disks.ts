import type { ArgumentProblem } from '../../callable.ts';
import type { DisksArgs } from './args.ts';

/**
 * What the schema cannot say about disks and controllers, and what can be said before their domain
 * is seen.
 */
export function checkDisks(args: DisksArgs): readonly ArgumentProblem[] {
  const controllers = Object.entries(args.scsi_controllers ?? {}).filter(
    ([, { iothread, iothreads }]) => iothread !== undefined && iothreads !== undefined,
  );
  const disks = Object.entries(args.disks ?? {}).flatMap(([target, disk]) => {
    const messages: string[] = [];
    if (disk.iothread !== undefined && disk.iothreads !== undefined) {
      messages.push(`${target} has iothread and iothreads; libvirt takes one of them`);
    }
    if ((disk.cache === 'writeback' || disk.cache === 'unsafe') && !args.power_protected) {
      const loss = 'what the guest wrote may be lost when the power fails';
      messages.push(`${target} has cache=${disk.cache}: ${loss}; say power_protected: true if it cannot`);
    }
    if (disk.io === 'native' && disk.cache !== undefined && !bypassesHostCache(disk.cache)) {
      messages.push(`${target} has io=native with cache=${disk.cache}; native goes with none and directsync only`);
    }
    return messages.map(message => ({ argument: 'disks', message }));
  });
  const both = 'has iothread and iothreads; libvirt takes one of them';
  return [...disks, ...controllers.map(([index]) => ({ argument: 'scsi_controllers', message: `${index} ${both}` }))];
}

/**
 * Whether the host opens the disk with O_DIRECT, which io=native needs; libvirt takes a missing
 * mode for writeback.
 */
export function bypassesHostCache(cache: string | undefined): boolean {
  return cache === 'none' || cache === 'directsync';
}
