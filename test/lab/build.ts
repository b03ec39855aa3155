import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withEmulator } from './accelerator.ts';
import { aptAccess } from './apt.ts';
import { overlay } from './disks.ts';
import type { Emulator } from './emulator.ts';
import { execute, mustExecute } from './execute.ts';
import type { Progress } from './progress.ts';
import { freePort, startQemu } from './qemu.ts';
import { type Recipe, recipeDirectory } from './recipe.ts';
import { endQemu, lastConsoleLine, logs, type Running } from './running.ts';
import { type SshAccess, sshArguments, sshOnce } from './ssh.ts';
import { bootLimit, waitForSsh } from './wait.ts';
import { checkMachine, waitForEnd } from './watch.ts';

/** Who is told what a build says, and which step it is at. */
type Watcher = { follow: (text: string) => void; progress: Progress };

/**
 * Milliseconds for a build. It takes four minutes on a quiet machine with an emulated processor.
 */
export const buildLimit = 2_400_000;

/**
 * Builds an image into an empty directory: first the file system, then what only a booted machine
 * can do. `qemu` is the directory of the QEMU to boot it with; by default the one that comes with
 * the image.
 */
export async function buildImage(
  recipe: Recipe,
  directory: string,
  progress: Progress,
  qemu: string | undefined,
): Promise<void> {
  const logFile = `${directory}.log`;
  const log = createWriteStream(logFile);
  let lastLine = '';
  try {
    await installSystem(recipe, directory, qemu === undefined, follow);
    const own = qemu ?? join(directory, 'qemu');
    await withEmulator(own, progress, emulator => bootOnce(directory, emulator, { follow, progress }));
  } catch (error) {
    throw new Error(`The lab's image could not be built; the log is ${logFile}`, { cause: error });
  } finally {
    progress.end();
    log.end();
  }
  rmSync(logFile);

  function follow(text: string): void {
    log.write(text);
    for (const [, title] of text.matchAll(/^== (.*)$/gm)) progress.step(title!, () => lastLine);
    lastLine = text.trimEnd().split('\n').at(-1) ?? lastLine;
  }
}

async function installSystem(
  recipe: Recipe,
  directory: string,
  takeQemu: boolean,
  follow: (text: string) => void,
): Promise<void> {
  const key = join(directory, 'id_ed25519');
  await mustExecute('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'hostwright-lab', '-f', key]);
  const publicKey = await mustExecute('ssh-keygen', ['-y', '-f', key]);
  const apt = await aptAccess(recipe.suite);
  // debootstrap downloads with wget, and offers no option for the authority that a private mirror
  // is signed by.
  writeFileSync(join(directory, 'wgetrc'), apt.authority ? `ca_certificate = ${apt.authority}\n` : '');
  const env = {
    ...{ PATH: process.env.PATH, LC_ALL: 'C', WGETRC: join(directory, 'wgetrc'), ...apt.environment },
    ...{ IMAGE: join(directory, 'system.raw'), OUT: directory, RECIPE: recipeDirectory, SIZE: String(recipe.size) },
    ...{ SUITE: recipe.suite, MIRROR: apt.mirror, KEYRING: apt.keyring, APT_CONF: apt.configuration },
    ...{ APT_FILES: apt.files.join(' '), PACKAGES: recipe.packages.join(' ') },
    ...{ OFFERED: recipe.offered.join(' '), PUBLIC_KEY: publicKey.trim() },
    TAKE_QEMU: takeQemu ? 'yes' : '',
  };
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child'];
  const script = join(recipeDirectory, 'build.sh');
  await mustExecute('unshare', [...namespaces, 'sh', script], { env, limit: buildLimit, onOutput: follow });
}

/**
 * Boots the new system by its own kernel, lets it install its boot loader and define its guests,
 * and turns it off. Until that has succeeded, what it writes is kept apart: a boot with another
 * emulator begins with the same disk.
 */
async function bootOnce(directory: string, emulator: Emulator, { follow, progress }: Watcher): Promise<void> {
  const file = (name: string) => join(directory, name);
  progress.step('boot it for the first time', () => lastConsoleLine(directory));
  await mustExecute('qemu-img', ['create', '-q', '-f', 'qcow2', file('data.qcow2'), '2G']);
  await overlay(file('system.raw'), 'raw', file('system.qcow2'));
  const port = await freePort();
  const sockets = mkdtempSync(join(tmpdir(), 'hw-lab-'));
  const access: SshAccess = { port, sockets, key: file('id_ed25519'), knownHosts: file('known_hosts') };
  writeFileSync(access.knownHosts, `[127.0.0.1]:${port} ${readFileSync(file('host_key.pub'), 'utf8')}`);
  const append = 'root=LABEL=lab ro console=ttyS0 tsc=reliable';
  let machine: Running | undefined;
  try {
    machine = await startQemu({
      ...{ ...emulator, shape: 'small', directory, sockets, port },
      disks: [
        { file: file('system.qcow2'), serial: 'HWSYSTEM', format: 'qcow2' },
        { file: file('data.qcow2'), serial: 'HWDATA2', format: 'qcow2' },
      ],
      kernel: { file: file('first-vmlinuz'), initrd: file('first-initrd.img'), append },
    });
    await waitForSsh(access, machine);
    const script = 'sh /usr/local/share/lab/first-boot.sh 2>&1';
    const answer = await execute('ssh', [...sshArguments(access), script], { onOutput: follow });
    if (answer.code !== 0) await checkMachine(machine);
    if (answer.code !== 0) throw new Error(`first-boot.sh failed with exit code ${answer.code}`);
    progress.step('turn it off', () => lastConsoleLine(directory));
    await sshOnce(access, 'systemctl poweroff');
    await waitForEnd(machine, bootLimit);
  } finally {
    if (machine) await endQemu(machine.pid);
    rmSync(sockets, { recursive: true, force: true });
  }
  await mustExecute('qemu-img', ['commit', '-q', file('system.qcow2')]);
  for (const name of ['first-vmlinuz', 'first-initrd.img', 'known_hosts', 'wgetrc', 'system.qcow2', ...logs]) {
    rmSync(file(name), { force: true });
  }
}
