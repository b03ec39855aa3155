// node ssh-server.ts OPTIONS: many hosts in one process, each an address of its own that speaks SSH
// and runs what it is asked in a real sh.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import ssh2, { type AuthContext, type ParsedKey, type ServerChannel } from 'ssh2';

/** What it is started with. It prints `true` once it listens on all addresses. */
export interface ServerOptions {
  readonly addresses: readonly string[];
  readonly port: number;
  /** Files of the private key of the hosts, and of the public key that is let in. */
  readonly hostKey: string;
  readonly clientKey: string;
  /**
   * The user of the first address; each has one of its own, and so a lock of its own. Without it,
   * shells run as this process.
   */
  readonly firstUser?: number;
}

const { addresses, clientKey, firstUser, hostKey, port } = JSON.parse(process.argv[2]!) as ServerOptions;
const allowed = ssh2.utils.parseKey(readFileSync(clientKey)) as ParsedKey;
const env = { PATH: process.env.PATH, HOME: '/' };

// One handler for all addresses would not know which of them was called.
const config = { hostKeys: [readFileSync(hostKey)] };
await Promise.all(
  addresses.map(async (address, index) => {
    const server = new ssh2.Server(config, client => {
      client.on('error', () => undefined);
      client.on('authentication', context => (isAllowed(context) ? context.accept() : context.reject(['publickey'])));
      client.on('session', accept => {
        accept().on('exec', (acceptExec, _reject, { command }) => {
          serve(acceptExec(), command, firstUser === undefined ? undefined : firstUser + index);
        });
      });
    });
    const listener = createServer({ noDelay: true }, socket => server.injectSocket(socket));
    listener.listen({ port, host: address, backlog: 64 });
    await once(listener, 'listening');
  }),
);
process.stdout.write('true\n');
process.stdin.resume().on('end', () => process.exit());

function isAllowed(context: AuthContext): boolean {
  if (context.method !== 'publickey' || !context.key.data.equals(allowed.getPublicSSH())) return false;
  // Without a signature the client only asks whether the key would do.
  if (!context.signature || !context.blob) return true;
  return allowed.verify(context.blob, context.signature, context.hashAlgo) === true;
}

function serve(channel: ServerChannel, command: string, user: number | undefined): void {
  const identity = user === undefined ? {} : { uid: user, gid: user };
  const shell = spawn('/bin/sh', ['-c', command], { ...identity, env, cwd: '/', stdio: 'pipe' });
  channel.pipe(shell.stdin);
  shell.stdin.on('error', () => undefined);
  shell.stdout.pipe(channel, { end: false });
  shell.stderr.pipe(channel.stderr, { end: false });
  channel.on('error', () => undefined);
  channel.on('close', () => shell.kill());
  shell.on('close', code => {
    channel.exit(code ?? 1);
    channel.end();
  });
}
