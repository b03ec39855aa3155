import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Emulator } from './accelerator.ts';
import { mustExecute } from './execute.ts';
import { type Image, knownHostsLine } from './image.ts';
import { withLock } from './lock.ts';
import type { Progress } from './progress.ts';
import { checkMachine, type Disk, freePort, hardwareArguments, isQemuRunning, qemuEnd, startQemu } from './qemu.ts';
import { migrationEnd, openQmp } from './qmp.ts';
import type { Shape } from './shapes.ts';
import { bootLimit, closeSsh, type SshAccess, ssh, waitForSsh } from './ssh.ts';

/** A machine that has booted and come to rest: disks to lay an overlay on, and the memory that goes with them. */
export type Booted = { disks: { name: string; file: string; serial: string }[]; memory: string; emulator: Emulator };

/**
 * The booted machine of an image and a shape. It is booted once and kept beside the image, under the QEMU that made it:
 * another version, or other hardware, would not go on from its memory.
 */
export async function ensureBooted(
  image: Image,
  shape: Shape,
  emulator: Emulator,
  progress: Progress,
): Promise<Booted> {
  const made = JSON.stringify([emulator.qemu, hardwareArguments(shape, emulator.accelerator)]);
  const key = createHash('sha256').update(made).digest('hex').slice(0, 8);
  const directory = join(image.directory, `booted-${shape}-${key}`);
  if (!existsSync(directory)) {
    await withLock(`${directory}.lock`, async () => {
      if (existsSync(directory)) return;
      const part = `${directory}.part`;
      rmSync(part, { recursive: true, force: true });
      mkdirSync(part);
      await bootAndSave(image, shape, emulator, part, progress);
      renameSync(part, directory);
    });
  }
  return {
    disks: disksOf(directory).map(({ file, serial }, index) => ({ name: names[index]!, file, serial })),
    memory: join(directory, 'memory'),
    emulator,
  };
}

const names = ['system', 'empty', 'data'];

function disksOf(directory: string): Disk[] {
  const serials = ['HWSYSTEM', 'HWDATA1', 'HWDATA2'];
  return names.map((name, index) => ({
    file: join(directory, `${name}.qcow2`),
    serial: serials[index]!,
    format: 'qcow2',
  }));
}

async function bootAndSave(
  image: Image,
  shape: Shape,
  emulator: Emulator,
  directory: string,
  progress: Progress,
): Promise<void> {
  progress.step(`boot Debian ${image.release} (${shape})`);
  const disks = await stockDisks(image, directory);
  const sockets = mkdtempSync(join(tmpdir(), 'hw-lab-'));
  const port = await freePort();
  const access: SshAccess = { port, sockets, key: image.key, knownHosts: join(directory, 'known_hosts') };
  writeFileSync(access.knownHosts, knownHostsLine(image, port));
  const pid = await startQemu({ ...emulator, shape, disks, directory, sockets, port });
  try {
    await waitForSsh(access, bootLimit, () => checkMachine(pid, directory));
    progress.step('wait until it has come to rest');
    await ssh(access, 'systemctl is-system-running --wait; virsh -q domcapabilities; sync');
    await closeSsh(access);
    progress.step('save the booted machine');
    const qmp = await openQmp(join(sockets, 'qmp'));
    await qmp.execute('stop');
    await qmp.execute('migrate-set-parameters', { 'max-bandwidth': 16 * 1024 ** 3 });
    await qmp.execute('migrate', { uri: `exec:cat > '${join(directory, 'memory')}'` });
    await migrationEnd(qmp);
    await qmp.execute('quit').catch(() => undefined); // it may end before it answers
    qmp.close();
    await qemuEnd(pid, 30_000);
  } finally {
    if (isQemuRunning(pid)) process.kill(pid, 'SIGKILL');
    rmSync(sockets, { recursive: true, force: true });
    progress.end();
  }
}

/** Makes the disks of a machine that has never booted. */
export async function stockDisks(image: Image, directory: string): Promise<Disk[]> {
  const disks = disksOf(directory);
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
