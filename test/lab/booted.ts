import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { diskNames, disksIn, stockDisks } from './disks.ts';
import type { Emulator } from './emulator.ts';
import { type Image, knownHostsLine } from './image.ts';
import { thisProcessor } from './kvm.ts';
import { lockWait, withLock } from './lock.ts';
import type { Progress } from './progress.ts';
import { freePort, hardwareArguments, startQemu } from './qemu.ts';
import { migrationEnd, withQmp } from './qmp.ts';
import { endQemu, lastConsoleLine, type Running } from './running.ts';
import type { Shape } from './shapes.ts';
import { closeSsh, type SshAccess, ssh } from './ssh.ts';
import { atRest, bootLimit, waitForSsh } from './wait.ts';
import { checkMachine, waitForEnd } from './watch.ts';

/**
 * A machine that has booted and come to rest: disks to lay an overlay on, and the memory that goes
 * with them.
 */
export type Booted = { disks: { name: string; file: string; serial: string }[]; memory: string; emulator: Emulator };

/** Milliseconds for a boot with all that belongs to it. */
const bootedLimit = 2 * bootLimit;

/**
 * The booted machine of an image and a shape. It is booted once and kept with the image, under the
 * QEMU and the processor that made it: others would not go on from its memory.
 */
export async function ensureBooted(
  image: Image,
  shape: Shape,
  emulator: Emulator,
  progress: Progress,
): Promise<Booted> {
  const directory = bootedDirectory(image, shape, emulator);
  if (!existsSync(directory)) {
    const what = `another boot of Debian ${image.release} (${shape})`;
    await withLock(`${directory}.lock`, lockWait(what, bootedLimit, progress), async () => {
      if (existsSync(directory)) return;
      const part = `${directory}.part`;
      rmSync(part, { recursive: true, force: true });
      mkdirSync(part);
      await bootAndSave(image, shape, emulator, part, progress);
      renameSync(part, directory);
    });
  }
  return {
    disks: disksIn(directory).map(({ file, serial }, index) => ({ name: diskNames[index]!, file, serial })),
    memory: join(directory, 'memory'),
    emulator,
  };
}

/** Where the booted machine of an image and a shape is kept. */
export function bootedDirectory(image: Image, shape: Shape, { accelerator, qemu }: Emulator): string {
  const processor = accelerator === 'kvm' ? thisProcessor() : 'emulated';
  const made = [basename(dirname(qemu)), hardwareArguments(shape, accelerator), processor];
  const key = createHash('sha256').update(JSON.stringify(made)).digest('hex').slice(0, 8);
  return join(image.directory, `booted-${shape}-${key}`);
}

async function bootAndSave(
  image: Image,
  shape: Shape,
  emulator: Emulator,
  directory: string,
  progress: Progress,
): Promise<void> {
  progress.step(`boot Debian ${image.release} (${shape})`, () => lastConsoleLine(directory));
  const disks = await stockDisks(image, directory);
  const sockets = mkdtempSync(join(tmpdir(), 'hw-lab-'));
  const port = await freePort();
  const access: SshAccess = { port, sockets, key: image.key, knownHosts: join(directory, 'known_hosts') };
  writeFileSync(access.knownHosts, knownHostsLine(image, port));
  let machine: Running | undefined;
  try {
    machine = await startQemu({ ...emulator, shape, disks, directory, sockets, port });
    await waitForSsh(access, machine);
    progress.step('wait until it has come to rest', () => lastConsoleLine(directory));
    const { code } = await ssh(access, `${atRest}; sync`);
    if (code !== 0) await checkMachine(machine);
    await closeSsh(access);
    progress.step('save the booted machine');
    await saveMemory(machine, join(directory, 'memory'));
  } finally {
    if (machine) await endQemu(machine.pid);
    rmSync(sockets, { recursive: true, force: true });
    progress.end();
  }
}

async function saveMemory(machine: Running, file: string): Promise<void> {
  await withQmp(join(machine.sockets, 'qmp'), async qmp => {
    await qmp.execute('stop');
    await qmp.execute('migrate-set-parameters', { 'max-bandwidth': 16 * 1024 ** 3 });
    await qmp.execute('migrate', { uri: `exec:cat > '${file}'` });
    await migrationEnd(qmp);
    await qmp.execute('quit').catch(() => undefined); // it may end before it answers
  });
  await waitForEnd(machine, 60_000);
}
