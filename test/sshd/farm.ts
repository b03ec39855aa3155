import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { type Daemon, dropConnections, freePortOn, startDaemon } from './daemon.ts';

export type FarmOptions = {
  hosts: number;
  /**
   * A host key for each host; otherwise the hosts of one daemon share it, which is quicker to make.
   */
  ownHostKeys?: boolean;
  /**
   * A /run for each daemon: hosts whose locks are their own. Only as root; with `ownHostKeys` each
   * host is a daemon.
   */
  ownRun?: boolean;
  /** Lines for every sshd_config, e.g. `MaxSessions 1`. */
  config?: string[];
  /** An account with a password, which only the sessions of the farm know. Only as root. */
  account?: { name: string; password: string };
};

type FarmHost = { name: string; address: string; port: number; knownHost: string };

/**
 * Private sshd processes on loopback addresses: many hosts that share this machine's file system
 * and user.
 */
export type Farm = {
  directory: string;
  hosts: FarmHost[];
  user: string;
  key: string;
  knownHosts: string;
  inventoryFile: string;
  /**
   * Ends the daemon behind this host, and with it every connection to it. Only of a farm with
   * `ownHostKeys`.
   */
  stopHost: (name: string) => Promise<void>;
  /** Starts it again, on the same address and port. */
  startHost: (name: string) => Promise<void>;
  /** Drops the connections to this host and goes on listening. Says how many there were. */
  dropConnections: (name: string) => number;
  stop: () => Promise<void>;
};

// One sshd listens on at most sixteen addresses.
const addressesPerDaemon = 16;

/**
 * Starts the farm and returns when every host greets. Nothing outside its own directory is made or
 * changed.
 */
export async function startFarm(options: FarmOptions): Promise<Farm> {
  const { config = [], hosts: count, ownHostKeys = false, ownRun = false } = options;
  if (count > 250) throw new Error('A farm has at most 250 hosts: there is one loopback address for each');
  const directory = mkdtempSync(join(tmpdir(), 'hw-sshd-'));
  const user = userInfo().username;
  const key = join(directory, 'id_ed25519');
  const perDaemon = ownHostKeys ? 1 : addressesPerDaemon;
  const authorized = makeKey(key);
  writeFileSync(join(directory, 'authorized_keys'), authorized);

  const addresses = Array.from({ length: count }, (_, index) => `127.0.1.${index + 1}`);
  const port = await freePortOn(addresses);
  const daemons = new Map<string, Daemon>();
  const hosts: FarmHost[] = [];
  for (let first = 0; first < count; first += perDaemon) {
    const own = addresses.slice(first, first + perDaemon);
    const folder = join(directory, `daemon${first + 1}`);
    mkdirSync(folder);
    const knownHost = makeKey(join(folder, 'host_key')).trim();
    const daemon: Daemon = {
      directory: folder,
      addresses: own,
      port,
      config,
      ownRun: ownRun && process.getuid?.() === 0,
      ...(options.account ? { account: options.account } : {}),
    };
    for (const address of own) {
      const name = `host${address.split('.')[3]}`;
      hosts.push({ name, address, port, knownHost });
      daemons.set(name, daemon);
    }
  }
  const knownHosts = join(directory, 'known_hosts');
  writeFileSync(knownHosts, hosts.map(host => `[${host.address}]:${port} ${host.knownHost}\n`).join(''));
  const inventoryFile = join(directory, 'inventory.yml');
  writeFileSync(inventoryFile, inventory(hosts, { user, key, knownHosts }));

  async function stop(): Promise<void> {
    await Promise.all([...new Set(daemons.values())].map(daemon => daemon.running?.stop()));
    rmSync(directory, { recursive: true, force: true });
  }
  function single(name: string): Daemon {
    const daemon = daemons.get(name);
    if (!daemon) throw new Error(`The farm has no host "${name}"`);
    if (daemon.addresses.length > 1) throw new Error('Only a farm with ownHostKeys stops and starts single hosts');
    return daemon;
  }
  try {
    await Promise.all([...new Set(daemons.values())].map(startDaemon));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...{ directory, hosts, user, key, knownHosts, inventoryFile, stop },
    stopHost: async name => await single(name).running?.stop(),
    startHost: async name => await startDaemon(single(name)),
    dropConnections: name => dropConnections(single(name)),
  };
}

/** Whether this machine can run a farm; if not, why. */
export function farmObstacle(): string | undefined {
  return existsSync('/usr/sbin/sshd') ? undefined : 'openssh-server is not installed';
}

function makeKey(file: string): string {
  const arguments_ = ['-q', '-t', 'ed25519', '-N', '', '-C', 'hostwright-test', '-f', file];
  const made = spawnSync('ssh-keygen', arguments_, { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`ssh-keygen failed: ${made.error?.message ?? made.stderr}`);
  return spawnSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' }).stdout;
}

function inventory(hosts: FarmHost[], access: { user: string; key: string; knownHosts: string }): string {
  const lines = ['farm:', '  vars:'];
  const variables = {
    ansible_user: access.user,
    ansible_ssh_private_key_file: access.key,
    ansible_ssh_known_hosts_file: access.knownHosts,
    ansible_ssh_common_args: `-o UserKnownHostsFile=${access.knownHosts}`,
  };
  for (const [name, value] of Object.entries(variables)) lines.push(`    ${name}: ${JSON.stringify(value)}`);
  lines.push('  hosts:');
  for (const { address, name, port } of hosts) {
    lines.push(`    ${name}:`, `      ansible_host: ${address}`, `      ansible_port: ${port}`);
  }
  return `${lines.join('\n')}\n`;
}
