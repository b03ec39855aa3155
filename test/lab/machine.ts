import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Emulator } from './accelerator.ts';
import { type Booted, overlay, stockDisks } from './booted.ts';
import type { Image } from './image.ts';
import { type Instance, isRunning, sshAccess, writeInstance } from './instance.ts';
import { checkMachine, qemuEnd, startQemu } from './qemu.ts';
import { migrationEnd, openQmp, type Qmp } from './qmp.ts';
import { bootLimit, closeSsh, sshOnce, waitForSsh } from './ssh.ts';

/** Starts the VM of an instance on fresh overlays, going on from the memory of the booted machine. */
export async function resumeBooted(instance: Instance, booted: Booted): Promise<void> {
  const { directory, port, shape, sockets } = instance;
  const disks = [];
  for (const { file, name, serial } of booted.disks) {
    const own = join(directory, `${name}.qcow2`);
    rmSync(own, { force: true });
    await overlay(file, 'qcow2', own);
    disks.push({ file: own, serial, format: 'qcow2' as const });
  }
  const lasting = true;
  instance.pid = await startQemu({
    ...{ ...booted.emulator, shape, directory, sockets, port, disks, lasting, memory: booted.memory },
  });
  writeInstance(instance);
  await withQmp(instance, async qmp => {
    await migrationEnd(qmp);
    await qmp.execute('cont');
  });
  await waitForSsh(sshAccess(instance), bootLimit, () => checkMachine(instance.pid, directory));
  await setClock(instance);
}

/**
 * Boots the VM of an instance with devices of its own. Memory that was saved without them cannot be resumed; and not every device (NVMe) lets
 * itself be saved, so that `save` and `restore` may not be there.
 */
export async function bootWithDevices(instance: Instance, image: Image, emulator: Emulator): Promise<void> {
  const { devices = [], directory, port, shape, sockets } = instance;
  const disks = await stockDisks(image, directory);
  instance.pid = await startQemu({ ...emulator, shape, directory, sockets, port, disks, devices, lasting: true });
  writeInstance(instance);
  await waitForSsh(sshAccess(instance), bootLimit, () => checkMachine(instance.pid, directory));
  await sshOnce(sshAccess(instance), 'systemctl is-system-running --wait; virsh -q domcapabilities');
}

/** Sets the VM's clock, which stands where it stood when the memory was saved. */
export async function setClock(instance: Instance): Promise<void> {
  const { code, stderr } = await sshOnce(sshAccess(instance), `date -s @${Math.round(Date.now() / 1000)}`);
  if (code !== 0) throw new Error(`The clock of the lab could not be set: ${stderr.trim()}`);
}

/** Turns the VM off as a power failure does. */
export async function endMachine(instance: Instance): Promise<void> {
  await closeSsh(sshAccess(instance));
  if (!isRunning(instance)) return;
  process.kill(instance.pid, 'SIGTERM');
  await qemuEnd(instance.pid, 10_000);
}

/** Saves disks and memory inside the instance's own disks. */
export async function takeSnapshot(instance: Instance, name: string): Promise<void> {
  await withQmp(instance, qmp => qmp.monitor(`savevm ${name}`));
}

/** Goes back to a saved condition. */
export async function restoreSnapshot(instance: Instance, name: string): Promise<void> {
  await withQmp(instance, qmp => qmp.monitor(`loadvm ${name}`));
}

async function withQmp(instance: Instance, work: (qmp: Qmp) => Promise<void>): Promise<void> {
  const qmp = await openQmp(join(instance.sockets, 'qmp'));
  try {
    await work(qmp);
  } finally {
    qmp.close();
  }
}
