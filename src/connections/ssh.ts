import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Algorithms, Client, ClientChannel } from 'ssh2';
import { messageOf } from '../errors.ts';
import { onDemand } from '../on-demand.ts';
import { type Attempt, authHandler, loginMethods } from './authentication.ts';
import { beginAtOnce } from './begin-at-once.ts';
import type { Channel, ChannelEnd, Connection, Target } from './connection.ts';
import { ConnectionLost, Unreachable } from './errors.ts';
import { type HostKeyCheck, hostKeyVerifier } from './host-key.ts';
import { useKeyObjects } from './key-objects.ts';
import { wantNoHostKeyProofs } from './no-host-key-proofs.ts';
import type { Passwords } from './passwords.ts';
import { openProxy } from './proxy.ts';
import { relay } from './relay.ts';
import { createSemaphore } from './semaphore.ts';
import { signAtOnce } from './sign-at-once.ts';
import { type SshSettings, sshSettings } from './ssh-config.ts';
import { writeWholePackets } from './whole-packets.ts';

/** OpenSSH allows 10 sessions a connection (MaxSessions); two are left for the user's own. */
const channelsAtOnce = 8;

const nodeSsh = () => onDemand('node-ssh') as typeof import('node-ssh');

/**
 * Connects to a host over SSH: its own socket with TCP_NODELAY (ssh2 sets none), a permanent error listener (node-ssh leaves none), keepalives, the
 * host's key checked.
 * @throws Unreachable `connection.*`, `hostkey.*`, in words for people.
 */
export async function connectSsh(target: Target, passwords: Passwords): Promise<Connection> {
  const { client, address, roundTrip } = await connectClient(target, passwords);
  const channels = createSemaphore(channelsAtOnce);
  async function start(command: string): Promise<Channel> {
    const leave = await channels.enter();
    try {
      const channel = await openChannel(client, address, command);
      void channel.closed.then(leave);
      return channel;
    } catch (error) {
      leave();
      throw error;
    }
  }
  const closed = new Promise<void>(done => client.once('close', () => done()));
  return { address, roundTrip, start, closed, close: () => client.end() };
}

interface SshClient {
  readonly client: Client;
  readonly address: string;
  readonly roundTrip: number;
}

async function connectClient(target: Target, passwords: Passwords): Promise<SshClient> {
  const settings = await sshSettings(target);
  const address = `${settings.user}@${settings.hostname}${settings.port === 22 ? '' : ` port ${settings.port}`}`;
  const socket = await openSocket(target, settings, passwords, address);
  writeWholePackets(socket);
  const { NodeSSH } = nodeSsh();
  const ssh = new NodeSSH();
  const attempt: Attempt = { tried: [] };
  const keys = hostKeyVerifier(target, settings);
  const handshake = ssh.connect({
    sock: socket as Socket,
    username: settings.user,
    readyTimeout: target.timeout * 1000,
    keepaliveInterval: 15_000,
    keepaliveCountMax: 3,
    hostVerifier: keys.verify,
    authHandler: authHandler(loginMethods(settings, passwords, address), attempt) as never,
    ...(keys.algorithms.length > 0 ? { algorithms: { serverHostKey: keys.algorithms } as Algorithms } : {}),
  });
  const client = ssh.connection as Client;
  // From the first to the second the client waits for a leave that costs the host next to nothing.
  let [asked, granted] = [0, 0];
  client.once('handshake', () => {
    asked = performance.now();
  });
  beginAtOnce(client, () => {
    granted = performance.now();
  });
  signAtOnce(client);
  useKeyObjects(client);
  wantNoHostKeyProofs(client);
  // Once the link is up, an error is told by the channels that close; without a listener it would end the process.
  client.on('error', () => undefined);
  client.setMaxListeners(channelsAtOnce * 4);
  try {
    await handshake;
  } catch (error) {
    socket.destroy();
    throw explain(error, address, keys, attempt.tried, target.timeout);
  }
  return { client, address, roundTrip: Math.max(0, granted - asked) };
}

async function openChannel(client: Client, address: string, command: string): Promise<Channel> {
  const stream = await new Promise<ClientChannel>((resolve, reject) => {
    const gone = () => reject(new ConnectionLost(address));
    client.once('close', gone);
    try {
      client.exec(command, (error, channel) => {
        client.off('close', gone);
        if (error) reject(new ConnectionLost(address, { cause: error, hint: `sshd said: ${error.message}` }));
        else resolve(channel);
      });
    } catch (cause) {
      client.off('close', gone);
      reject(new ConnectionLost(address, { cause }));
    }
  });
  return channelOf(stream, client);
}

function channelOf(stream: ClientChannel, client: Client): Channel {
  let end: ChannelEnd = {};
  stream.on('exit', (code: number | null, signal?: string) => {
    end = code === null ? { signal: signal ?? 'unknown' } : { code };
  });
  stream.on('error', () => undefined);
  const closed = new Promise<ChannelEnd>(done => {
    stream.on('close', () => done(end));
    client.on('close', () => done(end));
  });
  const write = (bytes: string | Uint8Array) =>
    new Promise<void>(done => {
      if (stream.writable) stream.write(bytes, () => done());
      else done();
    });
  return {
    write: bytes => Promise.race([write(bytes), closed.then(() => undefined)]),
    end: () => stream.end(),
    listen: relay(stream, stream.stderr),
    closed,
    destroy: () => stream.destroy(),
  };
}

async function openSocket(
  target: Target,
  settings: SshSettings,
  passwords: Passwords,
  address: string,
): Promise<Duplex> {
  const through = await openProxy(target, settings, async hop => (await connectClient(hop, passwords)).client);
  if (through) return through;
  const socket = connectSocket({ host: settings.hostname, port: settings.port, noDelay: true });
  // What will speak with the host is loaded while its answer is on the way.
  socket.once('connectionAttempt', () => setImmediate(nodeSsh));
  try {
    await Promise.race([once(socket, 'connect'), late(socket, target.timeout)]);
  } catch (error) {
    socket.destroy();
    throw unreachable(error, address, target.timeout);
  }
  return socket;
}

async function late(socket: Socket, seconds: number): Promise<never> {
  await new Promise(done => socket.setTimeout(seconds * 1000, () => done(undefined)));
  throw Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' });
}

function explain(
  error: unknown,
  address: string,
  keys: HostKeyCheck,
  tried: readonly string[],
  timeout: number,
): Unreachable {
  if (keys.refusal()) return keys.refusal()!;
  const message = messageOf(error);
  if (/authentication methods failed/i.test(message)) {
    const ways = tried.length > 0 ? `tried: ${[...new Set(tried)].join(', ')}` : 'there was no key to try';
    return new Unreachable('connection.denied', `${address} let none of the ways to log in through (${ways}).`, {
      cause: error,
      hint: 'Name the key with ansible_ssh_private_key_file or --private-key, load it into your agent, or give a password with -k.',
    });
  }
  return unreachable(error, address, timeout);
}

function unreachable(error: unknown, address: string, timeout: number): Unreachable {
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  const known: Readonly<Record<string, readonly [string, string]>> = {
    ECONNREFUSED: ['refused the connection', 'Look whether sshd runs there, and on that port.'],
    ENOTFOUND: ['has a name that cannot be resolved', 'Give its address with ansible_host.'],
    EAI_AGAIN: [
      'has a name that cannot be resolved now',
      'Look at the name server, or give its address with ansible_host.',
    ],
    EHOSTUNREACH: ['cannot be reached', 'There is no route to it from here.'],
    ENETUNREACH: ['cannot be reached', 'There is no route to its network from here.'],
    ETIMEDOUT: [
      `gave no answer within ${timeout} s`,
      'Look whether it is up and no firewall is between; --timeout sets the limit.',
    ],
    ECONNRESET: ['broke the connection off', 'Look at its sshd log; MaxStartups may be too low for --forks.'],
  };
  const timedOut = /timed out/i.test(messageOf(error)) ? 'ETIMEDOUT' : code;
  const [what, hint] = known[timedOut] ?? [
    `could not be connected: ${messageOf(error)}`,
    'Try the same with "ssh -v".',
  ];
  return new Unreachable(`connection.${code === '' ? 'failed' : code.toLowerCase()}`, `${address} ${what}.`, {
    cause: error,
    hint,
  });
}
