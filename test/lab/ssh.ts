import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Answer, execute } from './execute.ts';

/** What it takes to log in to a lab: the way that the tests prove effects, independent of Hostwright. */
export type SshAccess = { port: number; key: string; knownHosts: string; sockets: string };

/** Arguments of the system's `ssh`. Nothing of the user's own configuration takes part; the host key is checked. */
export function sshArguments(access: SshAccess, user = 'root'): string[] {
  const options = [
    ...['IdentitiesOnly=yes', 'StrictHostKeyChecking=yes', 'LogLevel=ERROR', 'ConnectTimeout=20'],
    ...['GlobalKnownHostsFile=/dev/null', `UserKnownHostsFile="${access.knownHosts}"`],
    ...['ServerAliveInterval=5', 'ServerAliveCountMax=6'],
  ].flatMap(option => ['-o', option]);
  return ['-F', 'none', ...options, '-i', access.key, '-p', String(access.port), '-l', user, '127.0.0.1'];
}

/** Runs a command over a connection that is kept open for the next one: a log-in takes a second of the VM's time. */
export function ssh(access: SshAccess, command: string, user = 'root', input?: string): Promise<Answer> {
  const path = join(access.sockets, `ssh-${user}`);
  const shared = ['-o', 'BatchMode=yes', '-o', 'ControlMaster=auto', '-o', 'ControlPersist=yes', '-S', path];
  return execute('ssh', [...shared, ...sshArguments(access, user), command], input === undefined ? {} : { input });
}

/** Milliseconds after which a machine that boots is given up. It takes one or two minutes, and several on a busy machine. */
export const bootLimit = 1_200_000;

/** Runs a command over a connection of its own. */
export function sshOnce(access: SshAccess, command: string, timeout = 300_000): Promise<Answer> {
  return execute('ssh', ['-o', 'BatchMode=yes', '-S', 'none', ...sshArguments(access), command], { timeout });
}

/** Gives up the kept connections: they do not survive a reboot. */
export async function closeSsh(access: SshAccess): Promise<void> {
  for (const user of ['root', 'admin', 'operator']) {
    await execute('ssh', ['-S', join(access.sockets, `ssh-${user}`), '-O', 'exit', '127.0.0.1']);
  }
}

/** Waits until a log-in works. `check` throws when there is nothing left to wait for. */
export async function waitForSsh(access: SshAccess, limit: number, check: () => void): Promise<void> {
  const deadline = Date.now() + limit;
  while (Date.now() < deadline) {
    check();
    if (await hasBanner(access.port)) {
      const { code, stderr } = await sshOnce(access, 'true');
      if (code === 0) return;
      if (/host key|Permission denied \(/i.test(stderr)) throw new Error(`The VM does not let us in: ${stderr.trim()}`);
    }
    await setTimeout(250);
  }
  throw new Error(`The VM did not answer over SSH within ${Math.round(limit / 1000)} s`);
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
