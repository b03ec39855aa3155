import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { MachineFailure } from './machine-failure.ts';
import { withQmp } from './qmp.ts';
import { consoleLog, consoleText, isQemuRunning, lastConsoleLine, type Running, whatQemuSaid } from './running.ts';

/**
 * The states from which a machine does not go on by itself, in the words of QMP's RunState, and
 * what they mean. `internal-error`: KVM met an instruction that it neither executes nor emulates.
 */
const stuck: Readonly<Record<string, string>> = {
  'internal-error': 'the accelerator failed',
  'guest-panicked': 'the kernel gave up',
  'io-error': 'a disk failed: is this machine full?',
  shutdown: 'it was turned off',
};

/**
 * Throws a {@link MachineFailure} when the machine has ended, stands still, or its kernel has given
 * up.
 */
export async function checkMachine({ pid, directory, sockets }: Running): Promise<void> {
  const panic = consoleText(directory).match(/Kernel panic - .*|VFS: Unable to mount root.*/)?.[0];
  if (panic) throw new MachineFailure(`The VM's kernel gave up: ${panic.trim()} (see ${consoleLog(directory)})`);
  const status = await runState(sockets);
  const ended = !isQemuRunning(pid);
  if (ended) throw new MachineFailure(`The VM has ended while we waited for it${whatQemuSaid(directory)}`);
  const meaning = status && stuck[status];
  if (meaning) throw new MachineFailure(`QEMU has stopped the VM (${status}: ${meaning})${whatQemuSaid(directory)}`);
}

/**
 * A line about a machine that did not answer: why it never will, or how far its console has come.
 */
export async function whyNoAnswer(machine: Running): Promise<string> {
  try {
    await checkMachine(machine);
    return `The VM runs; the last line of its console: ${lastConsoleLine(machine.directory)}`;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Waits until a machine that was told to has turned itself off. The limit is in milliseconds. */
export async function waitForEnd(machine: Running, limit: number): Promise<void> {
  const deadline = Date.now() + limit;
  while (isQemuRunning(machine.pid)) {
    if (Date.now() > deadline) throw new MachineFailure(`The VM has not turned itself off within ${limit / 1000} s`);
    await checkMachine(machine).catch(error => {
      if (isQemuRunning(machine.pid)) throw error;
    });
    await setTimeout(250);
  }
}

/**
 * The state of the machine in QMP's words, or undefined where QEMU does not answer: then its
 * process tells more.
 */
async function runState(sockets: string): Promise<string | undefined> {
  try {
    const answer = await withQmp(join(sockets, 'qmp'), qmp => qmp.execute('query-status'));
    return (answer as { status: string }).status;
  } catch {
    return undefined;
  }
}
