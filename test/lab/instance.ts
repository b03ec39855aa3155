import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instanceDirectory } from './directories.ts';
import { type Image, imageIn, knownHostsLine } from './image.ts';
import { writeInventory } from './inventory.ts';
import type { Release } from './recipe.ts';
import { isQemuRunning } from './running.ts';
import type { Shape } from './shapes.ts';
import type { SshAccess } from './ssh.ts';

/** A lab that was started: what the state file in its directory says. */
export type Instance = {
  name: string;
  release: Release;
  /** The directory of the image that it was started from. */
  image: string;
  shape: Shape;
  directory: string;
  sockets: string;
  port: number;
  pid: number;
  /** QEMU's arguments for devices that the stock machine does not have. */
  devices?: readonly string[];
};

/** The instance of this name, if there is one, running or not. */
export function readInstance(name: string): Instance | undefined {
  try {
    return JSON.parse(readFileSync(join(instanceDirectory(name), 'lab.json'), 'utf8')) as Instance;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether the VM of the instance runs. */
export function isRunning(instance: Instance | undefined): instance is Instance {
  return instance !== undefined && instance.pid > 0 && isQemuRunning(instance.pid);
}

/**
 * Makes the directory of an instance with everything but the disks: keys' place, known_hosts,
 * inventory.
 */
export function createInstance(
  name: string,
  image: Image,
  shape: Shape,
  port: number,
  devices?: readonly string[],
): Instance {
  const directory = instanceDirectory(name);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const sockets = mkdtempSync(join(tmpdir(), 'hw-lab-'));
  const { directory: from, release } = image;
  const instance: Instance = {
    name,
    release,
    image: from,
    shape,
    directory,
    sockets,
    port,
    pid: 0,
    ...(devices && { devices }),
  };
  writeFileSync(join(directory, 'known_hosts'), knownHostsLine(image, port));
  writeInventory(join(directory, 'inventory.yml'), sshAccess(instance));
  writeInstance(instance);
  return instance;
}

/** Records the instance, so that another process can find it. */
export function writeInstance(instance: Instance): void {
  writeFileSync(join(instance.directory, 'lab.json'), `${JSON.stringify(instance, null, 2)}\n`);
}

/** Removes every trace of an instance whose VM has ended. */
export function removeInstance(instance: Instance): void {
  rmSync(instance.sockets, { recursive: true, force: true });
  rmSync(instance.directory, { recursive: true, force: true });
}

/** How to log in to the instance. */
export function sshAccess({ directory, image, port, release, sockets }: Instance): SshAccess {
  return { port, sockets, key: imageIn(image, release).key, knownHosts: join(directory, 'known_hosts') };
}
