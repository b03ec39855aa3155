import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Booted } from './booted.ts';
import { overlay, stockDisks } from './disks.ts';
import type { Emulator } from './emulator.ts';
import type { Image } from './image.ts';
import { type Instance, isRunning, sshAccess, writeInstance } from './instance.ts';
import { type Machine, startQemu } from './qemu.ts';
import { migrationEnd, withQmp } from './qmp.ts';
import { endQemu } from './running.ts';
import { closeSsh, sshOnce } from './ssh.ts';
import { atRest, waitForSsh } from './wait.ts';
import { checkMachine } from './watch.ts';

/**
 * Starts the VM of an instance on fresh overlays, going on from the memory of the booted machine.
 */
export async function resumeBooted(instance: Instance, booted: Booted): Promise<void> {
  const { directory, port, shape, sockets } = instance;
  const disks = [];
  for (const { file, name, serial } of booted.disks) {
    const own = join(directory, `${name}.qcow2`);
    rmSync(own, { force: true });
    await overlay(file, 'qcow2', own);
    disks.push({ file: own, serial, format: 'qcow2' as const });
  }
  const { emulator, memory } = booted;
  await turnOn(instance, { ...emulator, shape, directory, sockets, port, disks, memory, lasting: true });
  await withQmp(join(sockets, 'qmp'), migrationEnd);
  await checkMachine(instance);
  await withQmp(join(sockets, 'qmp'), qmp => qmp.execute('cont'));
  await waitForSsh(sshAccess(instance), instance);
  await setClock(instance);
}

/**
 * Boots the VM of an instance with devices of its own. Memory that was saved without them cannot be
 * resumed; and not every device (NVMe) lets itself be saved, so that `save` and `restore` may not
 * be there.
 */
export async function bootWithDevices(instance: Instance, image: Image, emulator: Emulator): Promise<void> {
  const { devices = [], directory, port, shape, sockets } = instance;
  const disks = await stockDisks(image, directory);
  await turnOn(instance, { ...emulator, shape, directory, sockets, port, disks, devices, lasting: true });
  await waitForSsh(sshAccess(instance), instance);
  const { code } = await sshOnce(sshAccess(instance), `${atRest}; sync`);
  if (code !== 0) await checkMachine(instance);
}

async function turnOn(instance: Instance, machine: Machine): Promise<void> {
  await endQemu(instance.pid); // one that was started with another accelerator, and failed
  const { pid } = await startQemu(machine);
  instance.pid = pid;
  writeInstance(instance);
}

/** Sets the VM's clock, which stands where it stood when the memory was saved. */
export async function setClock(instance: Instance): Promise<void> {
  const { code, stderr } = await sshOnce(sshAccess(instance), `date -s @${Math.round(Date.now() / 1000)}`);
  if (code !== 0) throw new Error(`The clock of the lab could not be set: ${stderr.trim()}`);
}

/** Turns the VM off as a power failure does. */
export async function endMachine(instance: Instance): Promise<void> {
  await closeSsh(sshAccess(instance));
  if (isRunning(instance)) await endQemu(instance.pid);
}

/** Saves disks and memory inside the instance's own disks. */
export async function takeSnapshot({ sockets }: Instance, name: string): Promise<void> {
  await withQmp(join(sockets, 'qmp'), qmp => qmp.monitor(`savevm ${name}`));
}

/** Goes back to a saved condition. */
export async function restoreSnapshot({ sockets }: Instance, name: string): Promise<void> {
  await withQmp(join(sockets, 'qmp'), qmp => qmp.monitor(`loadvm ${name}`));
}
