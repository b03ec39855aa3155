import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { mustExecute } from './execute.ts';
import type { Image } from './image.ts';

export type Disk = { file: string; serial: string; format: 'qcow2' | 'raw' };

/** The names of a lab's disks, in the order of the devices. */
export const diskNames = ['system', 'empty', 'data'];

/** The disks of a machine in its directory. */
export function disksIn(directory: string): Disk[] {
  const serials = ['HWSYSTEM', 'HWDATA1', 'HWDATA2'];
  return diskNames.map((name, index) => ({
    file: join(directory, `${name}.qcow2`),
    serial: serials[index]!,
    format: 'qcow2',
  }));
}

/** Makes the disks of a machine that has never booted. */
export async function stockDisks(image: Image, directory: string): Promise<Disk[]> {
  const disks = disksIn(directory);
  for (const { file } of disks) rmSync(file, { force: true });
  await overlay(image.system, 'raw', disks[0]!.file);
  await mustExecute('qemu-img', ['create', '-q', '-f', 'qcow2', disks[1]!.file, '20G']);
  await overlay(image.data, 'qcow2', disks[2]!.file);
  return disks;
}

/** Makes a disk that starts with the content of another and leaves that as it is. */
export async function overlay(base: string, format: 'raw' | 'qcow2', file: string): Promise<void> {
  await mustExecute('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', format, '-b', base, file]);
}
