import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePortOn } from '../sshd/daemon.ts';
import { startBeside } from './child-process.ts';
import type { Access } from './inventory.ts';
import type { Bench } from './part.ts';
import type { ServerOptions } from './ssh-server.ts';

const processes = 2;
const firstUser = 200_000;

/**
 * Hosts that are served by processes of our own, and their users on this machine, if they have any.
 */
export interface Servers {
  readonly access: Omit<Access, 'knownHosts'>;
  /** The user and group as whom the shells of a host run; -1: as the bench. */
  readonly userOf: (index: number) => number;
}

// Locks of runs stand below /run, and those of other runs on this machine must not be seen.
const withOwnRun = [
  ...['unshare', '--mount', '--propagation', 'private', 'sh', '-c'],
  'mount -t tmpfs -o mode=755 run /run && mkdir -m 1777 /run/lock && exec "$@"',
  'sh',
];

/** Starts servers for that many hosts, each with an address of its own, in a few processes. */
export async function startServers(bench: Bench, count: number): Promise<Servers> {
  const folder = join(bench.folder, `servers${count}`);
  mkdirSync(folder);
  const [hostKey, key] = ['host', 'client'].map(name => {
    const file = join(folder, name);
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'bench', '-f', file]);
    return file;
  }) as [string, string];
  const isRoot = process.getuid?.() === 0;
  const addresses = Array.from({ length: count }, (_, index) => `127.20.${index >> 8}.${index & 255}`);
  const port = await freePortOn(['127.20.0.0']);
  const share = Math.ceil(count / processes);
  const starts = Array.from({ length: Math.ceil(count / share) }, (_, at) => at * share);
  await Promise.all(
    starts.map(async start => {
      const options: ServerOptions = {
        ...{ addresses: addresses.slice(start, start + share), port, hostKey, clientKey: `${key}.pub` },
        ...(isRoot ? { firstUser: firstUser + start } : {}),
      };
      await startBeside(bench, 'ssh-server.ts', options, isRoot ? withOwnRun : []);
    }),
  );
  const knownHost = readFileSync(`${hostKey}.pub`, 'utf8').trim();
  const hosts = addresses.map((address, index) => ({ name: `host${index + 1}`, address, port, knownHost }));
  return { access: { hosts, key, user: 'root' }, userOf: index => (isRoot ? firstUser + index : -1) };
}
