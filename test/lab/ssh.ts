import { join } from 'node:path';
import { type Answer, execute } from './execute.ts';

/**
 * What it takes to log in to a lab: the way that the tests prove effects, independent of
 * Hostwright.
 */
export type SshAccess = { port: number; key: string; knownHosts: string; sockets: string };

/**
 * Arguments of the system's `ssh`. Nothing of the user's own configuration takes part; the host key
 * is checked.
 */
export function sshArguments(access: SshAccess, user = 'root'): string[] {
  const options = [
    ...['IdentitiesOnly=yes', 'StrictHostKeyChecking=yes', 'LogLevel=ERROR', 'ConnectTimeout=20'],
    ...['GlobalKnownHostsFile=/dev/null', `UserKnownHostsFile="${access.knownHosts}"`],
    ...['ServerAliveInterval=5', 'ServerAliveCountMax=6'],
  ].flatMap(option => ['-o', option]);
  return ['-F', 'none', ...options, '-i', access.key, '-p', String(access.port), '-l', user, '127.0.0.1'];
}

/**
 * Runs a command over a connection that is kept open for the next one: a log-in takes a second of
 * the VM's time.
 */
export function ssh(access: SshAccess, command: string, user = 'root', input?: string): Promise<Answer> {
  const path = join(access.sockets, `ssh-${user}`);
  const shared = ['-o', 'BatchMode=yes', '-o', 'ControlMaster=auto', '-o', 'ControlPersist=yes', '-S', path];
  return execute('ssh', [...shared, ...sshArguments(access, user), command], input === undefined ? {} : { input });
}

/** Runs a command over a connection of its own. */
export function sshOnce(access: SshAccess, command: string, limit = 600_000): Promise<Answer> {
  return execute('ssh', ['-o', 'BatchMode=yes', '-S', 'none', ...sshArguments(access), command], { limit });
}

/** Gives up the kept connections: they do not survive a reboot. */
export async function closeSsh(access: SshAccess): Promise<void> {
  for (const user of ['root', 'admin', 'operator']) {
    await execute('ssh', ['-S', join(access.sockets, `ssh-${user}`), '-O', 'exit', '127.0.0.1']);
  }
}
