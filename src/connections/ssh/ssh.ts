import type { Client, ClientChannel } from 'ssh2';
import type { Channel, ChannelEnd, Connection, Target } from '../connection.ts';
import { ConnectionLost, Unreachable } from '../errors.ts';
import { limitChannels } from '../limit-channels.ts';
import type { Passwords } from '../passwords.ts';
import { relay } from '../relay.ts';
import { connectClient } from './ssh-client.ts';

/**
 * Connects to a host over SSH: its own socket with TCP_NODELAY (ssh2 sets none), a permanent error
 * listener (node-ssh leaves none), keepalives, the host's key checked. Where sshd allows no more
 * sessions on the connection (MaxSessions), a channel gets another connection, which ends with it.
 * @throws Unreachable `connection.*`, `hostkey.*`, `jump.*`, in words for people.
 */
export async function connectSsh(target: Target, passwords: Passwords): Promise<Connection> {
  const { client, address, roundTrip } = await connectClient(target, passwords);
  const more = new Set<Client>();
  async function open(command: string): Promise<Channel> {
    try {
      return await openChannel(client, address, command);
    } catch (error) {
      if (!(error instanceof NoSession)) throw error;
      return openOnAnother(command);
    }
  }
  async function openOnAnother(command: string): Promise<Channel> {
    const { client: another } = await connectClient(target, passwords);
    more.add(another);
    const end = () => {
      more.delete(another);
      another.end();
    };
    try {
      const channel = await openChannel(another, address, command);
      void channel.closed.then(end);
      return channel;
    } catch (error) {
      end();
      throw error;
    }
  }
  const closed = new Promise<void>(done => client.once('close', () => done()));
  function close(): void {
    for (const each of [client, ...more]) each.end();
  }
  return { address, roundTrip, start: limitChannels(open), closed, close };
}

/** sshd has opened no session on a connection that is up. */
class NoSession extends Unreachable {
  constructor(address: string, cause: Error) {
    const said = cause.message.replace(/^\(SSH\) Channel open failure: /, '');
    super('connection.no-session', `sshd on ${address} opened no session: ${said}.`, {
      cause,
      hint: 'Look at MaxSessions in its sshd_config, and at its log.',
    });
  }
}

async function openChannel(client: Client, address: string, command: string): Promise<Channel> {
  const stream = await new Promise<ClientChannel>((resolve, reject) => {
    const gone = () => reject(new ConnectionLost(address));
    client.once('close', gone);
    try {
      client.exec(command, (error, channel) => {
        client.off('close', gone);
        if (!error) resolve(channel);
        // A number is the reason that sshd gives (RFC 4254, section 5.1).
        else if (typeof (error as { reason?: unknown }).reason === 'number') reject(new NoSession(address, error));
        else reject(new ConnectionLost(address, { cause: error, hint: `sshd said: ${error.message}` }));
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
