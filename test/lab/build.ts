import { createWriteStream, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { probeAccelerator } from './accelerator.ts';
import { aptAccess } from './apt.ts';
import { execute, mustExecute } from './execute.ts';
import type { Progress } from './progress.ts';
import { checkMachine, freePort, isQemuRunning, qemuEnd, startQemu } from './qemu.ts';
import { type Recipe, recipeDirectory } from './recipe.ts';
import { bootLimit, type SshAccess, sshArguments, sshOnce, waitForSsh } from './ssh.ts';

/**
 * Builds an image into an empty directory: first the file system, then what only a booted machine can do. `qemu` is the
 * directory of the QEMU to boot it with; by default the one that comes with the image.
 */
export async function buildImage(
  recipe: Recipe,
  directory: string,
  progress: Progress,
  qemu: string | undefined,
): Promise<void> {
  const logFile = `${directory}.log`;
  const log = createWriteStream(logFile);
  try {
    await installSystem(recipe, directory, qemu === undefined, follow);
    await bootOnce(directory, qemu ?? join(directory, 'qemu'), follow);
  } catch (error) {
    throw new Error(`The lab's image could not be built; the log is ${logFile}`, { cause: error });
  } finally {
    progress.end();
    log.end();
  }
  rmSync(logFile);

  function follow(text: string): void {
    log.write(text);
    for (const [, title] of text.matchAll(/^== (.*)$/gm)) progress.step(title!);
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
  // debootstrap downloads with wget, and offers no option for the authority that a private mirror is signed by.
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
  await mustExecute('unshare', [...namespaces, 'sh', script], { env, onOutput: follow });
}

/** Boots the new system by its own kernel, lets it install its boot loader and define its guests, and turns it off. */
async function bootOnce(directory: string, qemu: string, follow: (text: string) => void): Promise<void> {
  follow('== boot it for the first time\n');
  const file = (name: string) => join(directory, name);
  await mustExecute('qemu-img', ['create', '-q', '-f', 'qcow2', file('data.qcow2'), '2G']);
  const port = await freePort();
  const sockets = await mustExecute('mktemp', ['-d', '-t', 'hw-lab-XXXXXX']).then(text => text.trim());
  const access: SshAccess = { port, sockets, key: file('id_ed25519'), knownHosts: file('known_hosts') };
  const hostKey = await mustExecute('cat', [file('host_key.pub')]);
  writeFileSync(access.knownHosts, `[127.0.0.1]:${port} ${hostKey}`);
  const append = 'root=LABEL=lab ro console=ttyS0 tsc=reliable';
  const pid = await startQemu({
    ...{ qemu, shape: 'small', accelerator: await probeAccelerator(qemu), directory, sockets, port },
    disks: [
      { file: file('system.raw'), serial: 'HWSYSTEM', format: 'raw' },
      { file: file('data.qcow2'), serial: 'HWDATA2', format: 'qcow2' },
    ],
    kernel: { file: file('first-vmlinuz'), initrd: file('first-initrd.img'), append },
  });
  try {
    await waitForSsh(access, bootLimit, () => checkMachine(pid, directory));
    const script = 'sh /usr/local/share/lab/first-boot.sh 2>&1';
    const answer = await execute('ssh', [...sshArguments(access), script], { onOutput: follow });
    if (answer.code !== 0) throw new Error(`first-boot.sh failed with exit code ${answer.code}`);
    follow('== turn it off\n');
    await sshOnce(access, 'systemctl poweroff');
    await qemuEnd(pid, bootLimit);
  } finally {
    if (isQemuRunning(pid)) process.kill(pid, 'SIGKILL');
    rmSync(sockets, { recursive: true, force: true });
    for (const name of ['first-vmlinuz', 'first-initrd.img', 'known_hosts', 'qemu.pid', 'wgetrc']) {
      rmSync(file(name), { force: true });
    }
  }
}
