import { createHash } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mustExecute } from './execute.ts';
import type { Lab } from './lab.ts';

/** The disks of a lab, as the VM sees them. */
export const disks = {
  empty: '/dev/disk/by-id/virtio-HWDATA1',
  data: '/dev/disk/by-id/virtio-HWDATA2',
};

/**
 * The hash of a whole disk, every byte of it, from outside of the VM: what zeros are left out, and
 * the VM, which is emulated, has no part in it beyond writing out what it holds back.
 */
export async function diskHash(lab: Lab, disk: keyof typeof disks): Promise<string> {
  await lab.sh(`sync; blockdev --flushbufs ${disks[disk]}`);
  const file = join(lab.directory, `${disk}.qcow2`);
  const copy = join(lab.directory, `${disk}.copy`);
  // The copy has zeros as holes wherever they come from, and as an archive the holes take no time.
  await mustExecute('qemu-img', ['convert', '-U', '-f', 'qcow2', '-O', 'raw', file, copy]);
  const archive = `${copy}.tar`;
  await mustExecute('tar', ['-c', '-S', '--mtime=@0', '-C', lab.directory, '-f', archive, `${disk}.copy`]);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(archive)) hash.update(chunk as Buffer);
  for (const path of [copy, archive]) rmSync(path);
  return hash.digest('hex');
}
