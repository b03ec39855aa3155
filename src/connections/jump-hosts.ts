import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { Target } from './connection.ts';
import { lastHop } from './last-hop.ts';
import type { SshSettings } from './ssh-config.ts';
import { notForwarded } from './ssh-errors.ts';

/** Jump hosts that are connected, by the way to them: many hosts share one. */
const hops = new WeakMap<object, Map<string, Promise<Client>>>();

/** Connects to a jump host. */
export type ConnectHop = (hop: Target) => Promise<Client>;

/**
 * The way to a host through its jump hosts; undefined where it has none, or is its only jump host
 * itself.
 * @throws Unreachable where jump hosts lead in a circle, or the last one does not pass the
 * connection on
 */
export async function openThroughJumpHosts(
  target: Target,
  settings: SshSettings,
  connectHop: ConnectHop,
): Promise<Duplex | undefined> {
  const hop = lastHop(target, settings);
  return hop && forward(await connected(hop, connectHop), settings, hop.host);
}

/** Closes the jump hosts of a run. */
export function closeJumpHosts(run: object): void {
  for (const client of hops.get(run)?.values() ?? []) {
    client.then(
      open => open.end(),
      () => undefined,
    );
  }
  hops.delete(run);
}

function connected(hop: Target, connectHop: ConnectHop): Promise<Client> {
  const shared = hops.get(hop.run) ?? new Map<string, Promise<Client>>();
  hops.set(hop.run, shared);
  // With those that wait for it: two hosts on two ways round a circle would wait for each other.
  const way = JSON.stringify([hop.sshArguments, hop.behind?.slice(1)]);
  const known = shared.get(way);
  if (known) return known;
  const client = connectHop(hop);
  const forget = () => {
    if (shared.get(way) === client) shared.delete(way);
  };
  client.then(open => open.once('close', forget), forget);
  shared.set(way, client);
  return client;
}

/** RFC 4254, section 5.1: SSH_OPEN_ADMINISTRATIVELY_PROHIBITED. */
const prohibited = 1;

function forward(client: Client, { hostname, port }: SshSettings, by: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, hostname, port, (cause, stream) => {
      if (!cause) return resolve(stream);
      const forbidden = (cause as { reason?: unknown }).reason === prohibited;
      const said = cause.message.replace(/^\(SSH\) Channel open failure: /, '');
      reject(notForwarded(by, { to: `${hostname} port ${port}`, forbidden, said, cause }));
    });
  });
}
