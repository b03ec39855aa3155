import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** A QEMU that was started: its process, where its logs are, and where its control socket is. */
export type Running = { pid: number; directory: string; sockets: string };

/**
 * The files in a machine's directory that are only for whoever looks for the cause of a failure.
 */
export const logs = ['console.log', 'qemu.log'];

/** What the machine itself says, on its serial console. */
export function consoleLog(directory: string): string {
  return join(directory, 'console.log');
}

/** The text of the console so far. */
export function consoleText(directory: string): string {
  return textOf(consoleLog(directory));
}

/** The last line of the console, for whoever waits. */
export function lastConsoleLine(directory: string): string {
  const line =
    consoleText(directory)
      .split(/[\r\n]+/)
      .findLast(text => text.trim()) ?? '';
  return line
    .replaceAll(/\x1b(?:\[[ -?]*[@-~]|\][^\x07]*\x07?)/g, '')
    .trim()
    .slice(0, 100);
}

/** What QEMU says about its failure, as the end of a sentence. */
export function whatQemuSaid(directory: string): string {
  const lines = textOf(join(directory, 'qemu.log'))
    .split('\n')
    .map(line => line.replace(/^\S*qemu-system-\S+: /, '').trim());
  const telling = lines.find(line => /error|fail|could not/i.test(line)) ?? lines.find(line => line);
  return telling ? `: ${telling}` : '';
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/**
 * Whether the process is a QEMU that still runs. A zombie does not: not every machine has a PID 1
 * that reaps.
 */
export function isQemuRunning(pid: number): boolean {
  try {
    return /^\d+ \(qemu-lab\) [^ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Ends QEMU as a power failure does, and after ten seconds the hard way. */
export async function endQemu(pid: number): Promise<void> {
  if (isQemuRunning(pid)) process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + 10_000;
  while (isQemuRunning(pid)) {
    if (Date.now() > deadline) process.kill(pid, 'SIGKILL');
    await setTimeout(50);
  }
}
