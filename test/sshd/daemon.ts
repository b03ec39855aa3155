import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/**
 * One sshd, with the addresses it listens on. Its `directory` holds `host_key`; the parent's,
 * `authorized_keys`.
 */
export type Daemon = {
  directory: string;
  addresses: string[];
  port: number;
  config: string[];
  /**
   * Gives its sessions a /run of their own, where Hostwright locks a host: two daemons are two
   * hosts then. Takes root.
   */
  ownRun?: boolean;
  /** An account that only its sessions know, with a password. Takes root. */
  account?: { name: string; password: string };
  running?: { pid: number; stop: () => Promise<void> };
};

/**
 * A line for an sshd_config. bash reads ~/.bashrc for a command that comes over SSH, if SHLVL says
 * that it is the first shell. What the user of this machine has in it may take longer than all that
 * is tested, or wait for others who do the same.
 */
export const withoutBashrc = 'SetEnv SHLVL=1';

/** Starts an sshd in the foreground and waits until it greets on every address. */
export async function startDaemon(daemon: Daemon): Promise<void> {
  const { addresses, config, directory, port } = daemon;
  const file = (name: string) => join(directory, name);
  // As root sshd separates privileges in this directory; on a machine where no sshd ever ran it is
  // missing.
  if (process.getuid?.() === 0 && !existsSync('/run/sshd')) mkdirSync('/run/sshd', { recursive: true });
  const usual = [
    ...addresses.map(address => `ListenAddress ${address}:${port}`),
    `HostKey ${file('host_key')}`,
    `AuthorizedKeysFile ${join(directory, '..', 'authorized_keys')}`,
    ...['StrictModes no', 'UsePAM no', 'PasswordAuthentication no', 'PermitRootLogin yes', 'PidFile none'],
    // A test opens all connections at once: nothing may be turned away.
    ...['MaxStartups 1000', 'PerSourceMaxStartups none', 'UseDNS no', 'PrintMotd no', withoutBashrc],
    'LogLevel VERBOSE',
  ];
  // Of two values sshd takes the first, and of MaxStartups the last.
  const keyword = (line: string) => line.split(' ', 1)[0];
  const lines = [...config, ...usual.filter(line => !config.some(own => keyword(own) === keyword(line)))];
  writeFileSync(file('sshd_config'), `${lines.join('\n')}\n`);
  const arguments_ = ['-D', '-f', file('sshd_config'), '-E', file('sshd.log')];
  // A group of its own: Ctrl-C in a test run must not take the hosts away before the test can clean
  // up.
  const words = [
    ...(daemon.ownRun ? withOwnRun : []),
    ...(daemon.account ? withAccount(directory, daemon.account) : []),
    '/usr/sbin/sshd',
    ...arguments_,
  ];
  const child = spawn(words[0]!, words.slice(1), { stdio: 'ignore', detached: true });
  let ended = false;
  const end = new Promise<void>(resolve => {
    child.on('error', () => resolve());
    child.on('exit', () => resolve());
  }).then(() => {
    ended = true;
  });
  daemon.running = {
    pid: child.pid ?? 0,
    async stop() {
      if (!ended && child.pid) {
        for (const pid of [child.pid, ...childrenOf(child.pid)]) kill(pid);
      }
      await end;
      delete daemon.running;
    },
  };
  for (const address of addresses) {
    while (!(await greets(address, port))) {
      if (ended) throw new Error(`sshd did not start; see ${file('sshd.log')}`);
      await setTimeout(20);
    }
  }
}

// Each word is replaced by the next, so that the process is the sshd in the end.
const withOwnRun = [
  ...['unshare', '--mount', '--propagation', 'private', 'sh', '-c'],
  'mount -t tmpfs -o mode=755 run /run && mkdir /run/sshd && exec "$@"',
  'sh',
];

/**
 * The account is in copies of the files of accounts, which are mounted where only the daemon sees
 * them.
 */
function withAccount(directory: string, { name, password }: { name: string; password: string }): string[] {
  const hash = execFileSync('openssl', ['passwd', '-6', '-stdin'], { input: password, encoding: 'utf8' }).trim();
  const lines = {
    passwd: `${name}:x:64999:64999::/:/bin/sh`,
    shadow: `${name}:${hash}:19000:0:99999:7:::`,
  };
  const mounts = Object.entries(lines).map(([file, line]) => {
    const copy = join(directory, file);
    writeFileSync(copy, `${readFileSync(`/etc/${file}`, 'utf8')}${line}\n`, { mode: 0o600 });
    if (file === 'passwd') chmodSync(copy, 0o644);
    return `mount --bind '${copy}' /etc/${file}`;
  });
  return ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', `${mounts.join(' && ')} && exec "$@"`, 'sh'];
}

/**
 * Drops every connection of a daemon at once, as a dead link does; the daemon goes on. Says how
 * many there were.
 */
export function dropConnections(daemon: Daemon): number {
  const sessions = daemon.running ? childrenOf(daemon.running.pid) : [];
  for (const pid of sessions) kill(pid);
  return sessions.length;
}

/** A port that is free on all these addresses. */
export async function freePortOn(addresses: string[]): Promise<number> {
  for (;;) {
    const port = await tryListen(addresses[0]!, 0);
    const others = await Promise.all(addresses.slice(1).map(address => tryListen(address, port)));
    if (port > 0 && others.every(other => other === port)) return port;
  }
}

function tryListen(address: string, port: number): Promise<number> {
  return new Promise(resolve => {
    const server = createServer();
    server.on('error', () => resolve(-1));
    server.listen(port, address, () => {
      const bound = (server.address() as { port: number }).port;
      server.close(() => resolve(bound));
    });
  });
}

/** Each connection is a child of the daemon, in a session of its own. */
function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name));
  return pids.map(Number).filter(pid => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
    } catch {
      return false; // it ended in between
    }
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended in between
  }
}

function greets(address: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, address);
    socket.on('data', () => {
      resolve(true);
      socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(false));
  });
}
