import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { withEmulator } from './accelerator.ts';
import { ensureBooted } from './booted.ts';
import { instanceDirectory } from './directories.ts';
import type { Answer } from './execute.ts';
import { ensureImage, ensureQemu, type Image, imageIn } from './image.ts';
import { createInstance, type Instance, isRunning, readInstance, removeInstance, sshAccess } from './instance.ts';
import { lockWait, withLock } from './lock.ts';
import { bootWithDevices, endMachine, restoreSnapshot, resumeBooted, setClock, takeSnapshot } from './machine.ts';
import { type Progress, silent } from './progress.ts';
import { freePort } from './qemu.ts';
import type { Release } from './recipe.ts';
import { lastConsoleLine } from './running.ts';
import type { Shape } from './shapes.ts';
import { closeSsh, ssh, sshOnce } from './ssh.ts';
import { bootLimit, waitForSsh } from './wait.ts';
import { whyNoAnswer } from './watch.ts';

export type LabOptions = {
  name?: string;
  shape?: Shape;
  release?: Release;
  devices?: readonly string[];
  progress?: Progress;
};

/**
 * Passwords of the lab's users: `operator` has a sudo that asks; root's is for su. Log-ins by key
 * need none.
 */
export const passwords = { operator: 'lab-operator', root: 'lab-root' };

/** A running hypervisor, and what a test does with it from outside. */
export type Lab = Instance & {
  inventoryFile: string;
  consoleLog: string;
  /** Runs a command through the system's ssh: proofs must not come from what they prove. */
  ssh: (command: string, user?: 'root' | 'admin' | 'operator', input?: string) => Promise<Answer>;
  /** Like `ssh` as root, for a command that must succeed; returns its output, trimmed. */
  sh: (command: string) => Promise<string>;
  /** Starts a guest and waits until its own system runs. */
  startGuest: (name: 'vm1' | 'vm2') => Promise<void>;
  /** Reboots, and returns when the new boot can be logged in to. */
  reboot: () => Promise<void>;
  /**
   * Keeps the condition of disks, memory and guests under a name; `restore(name)` goes back to it.
   */
  save: (name: string) => Promise<void>;
  /** Back to the saved condition, or without a name to the freshly booted one. */
  restore: (name?: string) => Promise<void>;
  /** The same as `restore()`: fresh disks, freshly booted. */
  reset: () => Promise<void>;
  /** Turns the VM off and removes it. */
  stop: () => Promise<void>;
};

/**
 * Starts a stock hypervisor, building and booting what is not cached. A lab of that name that runs
 * is replaced.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { devices, name = 'lab', shape = 'small', release = '13', progress = silent } = options;
  const image = await ensureImage(release, progress);
  mkdirSync(dirname(instanceDirectory(name)), { recursive: true });
  const wait = lockWait(`another start of the lab "${name}"`, startLimit, progress);
  return await withLock(`${instanceDirectory(name)}.lock`, wait, async () => {
    const old = readInstance(name);
    if (old) await removeLab(old);
    const instance = createInstance(name, image, shape, await freePort(), devices);
    try {
      await start(instance, image, progress);
    } catch (error) {
      await removeLab(instance);
      throw error;
    }
    return labOf(instance, progress);
  });
}

/** The exit code of ssh(1) where it had no session, and not the command's. */
const sshFailed = 255;

/** Milliseconds for the start of a lab, whose machine may have to boot, twice where KVM fails. */
const startLimit = 4 * bootLimit;

/**
 * Builds and boots all that is not cached, so that every lab of the release and these shapes starts
 * at once.
 */
export async function prepareLabs(release: Release, wanted: readonly Shape[], progress: Progress): Promise<void> {
  const image = await ensureImage(release, progress);
  for (const shape of wanted) {
    await withEmulator(await ensureQemu(progress), progress, emulator =>
      ensureBooted(image, shape, emulator, progress),
    );
  }
}

/** The lab of this name, if it runs. */
export function findLab(name = 'lab'): Lab | undefined {
  const instance = readInstance(name);
  return isRunning(instance) ? labOf(instance, silent) : undefined;
}

/** Ends and removes the lab of this name, running or not. Says whether there was one. */
export async function stopLab(name = 'lab'): Promise<boolean> {
  const instance = readInstance(name);
  if (instance) await removeLab(instance);
  return instance !== undefined;
}

async function start(instance: Instance, image: Image, progress: Progress): Promise<void> {
  const detail = () => lastConsoleLine(instance.directory);
  await withEmulator(await ensureQemu(progress), progress, async emulator => {
    const booted = instance.devices ? undefined : await ensureBooted(image, instance.shape, emulator, progress);
    progress.step(`start the lab "${instance.name}"`, detail);
    try {
      if (booted) await resumeBooted(instance, booted);
      else await bootWithDevices(instance, image, emulator);
    } finally {
      progress.end();
    }
  });
}

async function removeLab(instance: Instance): Promise<void> {
  await endMachine(instance);
  removeInstance(instance);
}

function labOf(instance: Instance, progress: Progress): Lab {
  const { directory, release } = instance;
  const access = sshAccess(instance);

  async function run(command: string, user = 'root', input?: string): Promise<Answer> {
    const answer = await ssh(access, command, user, input);
    if (answer.code !== sshFailed) return answer;
    return { ...answer, stderr: `${answer.stderr}${await whyNoAnswer(instance)}\n` };
  }
  async function sh(command: string): Promise<string> {
    const { code, stderr, stdout } = await run(command);
    if (code === 0) return stdout.trim();
    throw new Error(`In the lab: exit code ${code} from: ${command}\n${stderr || stdout}`);
  }
  async function startGuest(name: string): Promise<void> {
    const log = `/var/log/libvirt/qemu/${name}-console.log`;
    await sh(`rm -f ${log}; virsh -q start ${name}`);
    const wait = `i=0; until grep -q 'guest: ready' ${log}; do i=$((i + 1)); [ $i -lt 360 ] || exit 1; sleep 0.5; done`;
    await sh(wait);
  }
  async function reboot(): Promise<void> {
    const before = await sh('cat /proc/sys/kernel/random/boot_id');
    await sshOnce(access, 'systemctl reboot');
    await closeSsh(access);
    progress.step(`reboot the lab "${instance.name}"`, () => lastConsoleLine(directory));
    const deadline = Date.now() + bootLimit;
    try {
      for (;;) {
        await waitForSsh(access, instance, deadline - Date.now());
        const { stdout } = await sshOnce(access, 'cat /proc/sys/kernel/random/boot_id');
        if (stdout.trim() && stdout.trim() !== before) return;
        await setTimeout(500); // it is still going down
      }
    } finally {
      progress.end();
    }
  }
  async function reset(): Promise<void> {
    await endMachine(instance);
    await start(instance, imageIn(instance.image, release), progress);
  }
  async function restore(name?: string): Promise<void> {
    if (name === undefined) return await reset();
    await closeSsh(access);
    await restoreSnapshot(instance, name);
    await setClock(instance);
    await sh(forGuests('paused', 'resume'));
  }
  async function save(name: string): Promise<void> {
    await sh(forGuests('running', 'suspend'));
    await takeSnapshot(instance, name);
    await sh(forGuests('paused', 'resume'));
  }
  return Object.assign(instance, {
    ...{ inventoryFile: join(directory, 'inventory.yml'), consoleLog: join(directory, 'console.log') },
    ...{ ssh: run, sh, startGuest, reboot, reset, restore, save },
    stop: () => removeLab(instance),
  });
}

/**
 * QEMU does not load what it saved while a processor was inside a guest of its own ("vCPU set in
 * guest-mode inconsistent with migrated kernel nested state"): guests stand still meanwhile.
 */
function forGuests(state: 'running' | 'paused', action: 'suspend' | 'resume'): string {
  return `for guest in $(virsh -q list --name --state-${state}); do virsh -q ${action} $guest || exit; done`;
}
