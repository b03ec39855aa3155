import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect as connectSocket, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Algorithms, Client } from 'ssh2';
import { messageOf } from '../../errors.ts';
import { onDemand } from '../../on-demand.ts';
import { milliseconds } from '../../timers.ts';
import type { Target } from '../connection.ts';
import type { Unreachable } from '../errors.ts';
import type { Passwords } from '../passwords.ts';
import { addressOf, type SshSettings, sshSettings } from '../ssh-config.ts';
import { denied, unreachable } from '../ssh-errors.ts';
import { untilLetIn } from '../turned-away.ts';
import { type Attempt, authHandler, loginMethods } from './authentication.ts';
import { beginAtOnce } from './begin-at-once.ts';
import { type HostKeyCheck, hostKeyVerifier } from './host-key.ts';
import { useKeyObjects } from './key-objects.ts';
import { wantNoHostKeyProofs } from './no-host-key-proofs.ts';
import { openProxy } from './proxy.ts';
import { signAtOnce } from './sign-at-once.ts';
import { writeWholePackets } from './whole-packets.ts';

const nodeSsh = () => onDemand('node-ssh') as typeof import('node-ssh');

/** A client that is logged in. */
export interface SshClient {
  readonly client: Client;
  /** For messages: `root@10.0.0.7 port 2222`. */
  readonly address: string;
  /** Milliseconds from a small question to its answer. */
  readonly roundTrip: number;
}

/** One attempt to log in. */
interface Login {
  readonly target: Target;
  readonly settings: SshSettings;
  readonly passwords: Passwords;
  readonly address: string;
}

/**
 * Logs in to a host, the host's key checked. A host that has too many logins under way turns others
 * away: it is asked again, at growing intervals, until the limit of the connection is over.
 * @throws Unreachable `connection.*`, `hostkey.*`, `jump.*`
 */
export async function connectClient(target: Target, passwords: Passwords): Promise<SshClient> {
  const settings = await sshSettings(target);
  const address = addressOf(settings);
  target.trace?.(wayText(settings));
  return untilLetIn(target.timeout, () => logIn({ target, settings, passwords, address }));
}

async function logIn(login: Login): Promise<SshClient> {
  const { target, settings, passwords, address } = login;
  const socket = await openSocket(login);
  writeWholePackets(socket);
  const { NodeSSH } = nodeSsh();
  const ssh = new NodeSSH();
  const attempt: Attempt = { tried: [] };
  const keys = hostKeyVerifier(target, settings);
  const handshake = ssh.connect({
    sock: socket as Socket,
    username: settings.user,
    readyTimeout: milliseconds(target.timeout),
    keepaliveInterval: 15_000,
    keepaliveCountMax: 3,
    hostVerifier: keys.verify,
    authHandler: authHandler(loginMethods(target, settings, passwords), attempt) as never,
    ...(keys.algorithms.length > 0 ? { algorithms: { serverHostKey: keys.algorithms } as Algorithms } : {}),
  });
  const client = ssh.connection as Client;
  // Between these two the client only waits for permission to log in, which costs the host next to
  // nothing: the time is that of a round trip.
  let [asked, granted] = [0, 0];
  client.once('handshake', () => {
    asked = performance.now();
  });
  let greeting = '';
  client.once('greeting', (text: string) => {
    greeting = text;
  });
  beginAtOnce(client, () => {
    granted = performance.now();
  });
  signAtOnce(client);
  useKeyObjects(client);
  wantNoHostKeyProofs(client);
  // Once the link is up, an error is told by the channels that close; without a listener it would
  // end the process.
  client.on('error', () => undefined);
  client.setMaxListeners(32);
  try {
    await handshake;
  } catch (error) {
    socket.destroy();
    throw explain(error, login, { keys, attempt, greeting });
  }
  const roundTrip = Math.max(0, granted - asked);
  target.trace?.(`logged in; a round trip takes ${roundTrip.toFixed(1)} ms`);
  return { client, address, roundTrip };
}

/** The way to a host, for `-vvv`. */
function wayText(settings: SshSettings): string {
  const { jump, proxyCommand, knownHostsFiles, hostname } = settings;
  const through = jump ?? proxyCommand;
  return [
    `connects to ${addressOf(settings)} (${hostname})${through === undefined ? '' : ` through ${through}`}`,
    `host keys in: ${knownHostsFiles.join(', ') || 'no file'}`,
  ].join('; ');
}

async function openSocket({ target, settings, passwords, address }: Login): Promise<Duplex> {
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
  await new Promise(done => socket.setTimeout(milliseconds(seconds), () => done(undefined)));
  throw Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' });
}

interface Course {
  readonly keys: HostKeyCheck;
  readonly attempt: Attempt;
  readonly greeting: string;
}

function explain(
  error: unknown,
  { address, target, settings }: Login,
  { keys, attempt, greeting }: Course,
): Unreachable {
  const refusal = keys.refusal();
  if (refusal) return refusal;
  if (attempt.error) return attempt.error;
  if (/authentication methods failed/i.test(messageOf(error))) {
    // The usual names of keys need not be there.
    const missing = target.privateKeyFiles.length > 0 ? settings.identityFiles.filter(file => !existsSync(file)) : [];
    return denied(address, { tried: attempt.tried, missing }, error);
  }
  return unreachable(error, address, target.timeout, greeting);
}
