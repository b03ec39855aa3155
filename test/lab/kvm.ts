import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { labDirectory } from './directories.ts';
import type { Emulator } from './emulator.ts';
import { freePort, type Machine, startQemu } from './qemu.ts';
import { consoleText, endQemu, type Running } from './running.ts';
import { checkMachine } from './watch.ts';

/**
 * Milliseconds that the probe's machine has to boot: with a KVM that works it takes a second or
 * two.
 */
const bootLimit = 60_000;

/** What the first process says (see image/probe-init). */
export const mark = 'probe: a process runs';

/** What was found out about KVM on a machine: why it cannot be used there, or that it can. */
export type Verdict = { failure?: string };

/**
 * Finds out whether KVM works by booting the lab's own kernel up to its first process. Less proves
 * nothing: there are machines on which `/dev/kvm` opens and the firmware runs, and the kernel then
 * hits an instruction that KVM neither executes nor emulates.
 */
export async function probeKvm(qemu: string): Promise<Verdict> {
  const directory = mkdtempSync(join(tmpdir(), 'hw-kvm-'));
  let machine: Running | undefined;
  try {
    machine = await startQemu(probeMachine({ qemu, accelerator: 'kvm' }, directory, await freePort()));
    await firstProcess(machine);
    return {};
  } catch (error) {
    return { failure: (error as Error).message };
  } finally {
    if (machine) await endQemu(machine.pid);
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * The machine of the probe: the lab's smallest, with a first process that says so and turns it off.
 */
export function probeMachine({ accelerator, qemu }: Emulator, directory: string, port: number): Machine {
  const file = (name: string) => join(qemu, 'probe', name);
  const kernel = { file: file('vmlinuz'), initrd: file('initrd.img'), append: 'console=ttyS0 panic=-1' };
  return { qemu, accelerator, shape: 'small', disks: [], directory, sockets: directory, port, kernel };
}

async function firstProcess(machine: Running): Promise<void> {
  const deadline = Date.now() + bootLimit;
  const runs = () => consoleText(machine.directory).includes(mark);
  while (!runs()) {
    if (Date.now() > deadline) throw new Error(`its kernel has not started a process within ${bootLimit / 1000} s`);
    await setTimeout(50);
    if (!runs()) await checkMachine(machine);
  }
}

/** What is remembered of KVM on this machine, as it has booted, or undefined. */
export function rememberedVerdict(): Verdict | undefined {
  try {
    const { machine, ...verdict } = JSON.parse(readFileSync(verdictFile(), 'utf8'));
    return machine === thisMachine() ? verdict : undefined;
  } catch {
    return undefined; // the file is missing, or half written: the probe takes a second
  }
}

/** Remembers it for the labs to come: what fails for one of them would fail for all. */
export function rememberVerdict(verdict: Verdict): void {
  mkdirSync(labDirectory(), { recursive: true });
  writeFileSync(verdictFile(), `${JSON.stringify({ machine: thisMachine(), ...verdict })}\n`);
}

function verdictFile(): string {
  return join(labDirectory(), 'kvm.json');
}

/**
 * The processor that a machine with KVM sees: memory that was saved with another cannot go on with
 * it.
 */
export function thisProcessor(): string {
  const lines = readFileSync('/proc/cpuinfo', 'utf8').split('\n\n')[0]!.split('\n');
  const telling = lines.filter(line => /^(vendor_id|cpu family|model|stepping|microcode|flags)\b/.test(line));
  return createHash('sha256').update(telling.join('\n')).digest('hex').slice(0, 8);
}

function thisMachine(): string {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${boot} ${thisProcessor()} ${mayOpenKvm() ? 'may open KVM' : 'may not open KVM'}`;
}

function mayOpenKvm(): boolean {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
