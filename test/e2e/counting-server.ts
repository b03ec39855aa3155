import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type ServerChannel } from 'ssh2';

export interface Counts {
  connections: number;
  /** Connections that were open at the same time, at most. */
  together: number;
  channels: number;
  /** Times the client spoke after the host had: round trips. */
  roundTrips: number;
  /** Times the client asked whether a key would do, without a signature. */
  questions: number;
}

/** A real SSH peer that answers with a real sh and counts what it is asked. */
export interface CountingServer {
  readonly inventoryFile: string;
  readonly counts: () => Counts;
  readonly reset: () => void;
  readonly stop: () => void;
}

/** Starts it on a free port of loopback, with keys and an inventory of its own. */
export async function startCountingServer(): Promise<CountingServer> {
  const folder = mkdtempSync(join(tmpdir(), 'hw-counting-'));
  for (const name of ['host', 'client']) {
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  }
  const counts: Counts = { connections: 0, together: 0, channels: 0, roundTrips: 0, questions: 0 };
  let open = 0;
  const server = new ssh2.Server({ hostKeys: [readFileSync(join(folder, 'host'))] }, client => {
    counts.connections += 1;
    open += 1;
    counts.together = Math.max(counts.together, open);
    client.on('close', () => {
      open -= 1;
    });
    client.on('authentication', context => {
      if (context.method !== 'publickey') return context.reject(['publickey']);
      if (!context.signature) counts.questions += 1;
      context.accept();
    });
    client.on('error', () => undefined);
    client.on('session', accept => {
      accept().on('exec', (acceptExec, _reject, { command }) => {
        counts.channels += 1;
        serve(acceptExec(), command, counts);
      });
    });
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', () => done()));
  const { port } = server.address() as AddressInfo;
  const knownHosts = join(folder, 'known_hosts');
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ${readFileSync(join(folder, 'host.pub'), 'utf8')}`);
  const inventoryFile = join(folder, 'inventory.ini');
  const variables = {
    ansible_host: '127.0.0.1',
    ansible_port: port,
    ansible_user: 'anyone',
    ansible_ssh_private_key_file: join(folder, 'client'),
    ansible_ssh_known_hosts_file: knownHosts,
  };
  const words = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  // Three names for it.
  writeFileSync(inventoryFile, `counted\n\n[others]\nsecond\nthird\n\n[all:vars]\n${words.join('\n')}\n`);
  return {
    inventoryFile,
    counts: () => ({ ...counts }),
    reset: () => Object.assign(counts, { connections: 0, together: 0, channels: 0, roundTrips: 0, questions: 0 }),
    stop: () => {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function serve(channel: ServerChannel, command: string, counts: Counts): void {
  const shell = spawn('/bin/sh', ['-c', command], { stdio: 'pipe' });
  let hostSpokeLast = true;
  channel.on('data', (chunk: Buffer) => {
    if (hostSpokeLast) counts.roundTrips += 1;
    hostSpokeLast = false;
    shell.stdin.write(chunk);
  });
  for (const [from, to] of [
    [shell.stdout, channel],
    [shell.stderr, channel.stderr],
  ] as const) {
    from.on('data', (chunk: Buffer) => {
      hostSpokeLast = true;
      to.write(chunk);
    });
  }
  channel.on('end', () => shell.stdin.end());
  channel.on('close', () => shell.kill());
  shell.stdin.on('error', () => undefined);
  shell.on('exit', code => {
    channel.exit(code ?? 1);
    channel.end();
  });
}
