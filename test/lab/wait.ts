import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Answer } from './execute.ts';
import { MachineFailure } from './machine-failure.ts';
import { lastConsoleLine, type Running } from './running.ts';
import { type SshAccess, sshOnce } from './ssh.ts';
import { checkMachine } from './watch.ts';

/**
 * Milliseconds after which a machine that boots is given up. Emulated, it takes one to three
 * minutes on a busy machine.
 */
export const bootLimit = 600_000;

/** Milliseconds for one log-in. ssh itself gives up earlier when it hears nothing. */
const logInLimit = 90_000;

/**
 * A command that ends when the system has started everything, and libvirt has looked at its QEMU.
 */
export const atRest = 'timeout 300 systemctl is-system-running --wait; timeout 120 virsh -q domcapabilities';

/** Waits until a log-in works, or the machine cannot answer any more: a MachineFailure. */
export async function waitForSsh(access: SshAccess, machine: Running, limit = bootLimit): Promise<void> {
  const deadline = Date.now() + limit;
  while (Date.now() < deadline) {
    await checkMachine(machine);
    if (await hasBanner(access.port)) {
      const { code, stderr } = await sshOnce(access, 'true', logInLimit).catch(tooSlow);
      if (code === 0) return;
      if (/host key|Permission denied \(/i.test(stderr)) throw new Error(`The VM does not let us in: ${stderr.trim()}`);
    }
    await setTimeout(250);
  }
  const last = lastConsoleLine(machine.directory);
  throw new MachineFailure(`The VM did not answer over SSH within ${Math.round(limit / 1000)} s; its console: ${last}`);
}

function tooSlow(error: Error): Answer {
  return { code: 255, stdout: '', stderr: error.message };
}

/** QEMU accepts connections long before the VM does: only the greeting of sshd means anything. */
function hasBanner(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(3000, () => socket.destroy());
    socket.on('data', () => {
      resolve(true);
      socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(false));
  });
}
