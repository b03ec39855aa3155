import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { quote } from '../shell/quote.ts';
import type { Target } from './connection.ts';
import { ConnectionLost } from './errors.ts';
import type { SshSettings } from './ssh-config.ts';
import { writeWholePackets } from './whole-packets.ts';

/** Jump hosts that are connected, by their name: many hosts share one. */
const hops = new WeakMap<object, Map<string, Promise<Client>>>();

/** The way to a host through others: a jump host (ProxyJump) or a program (ProxyCommand); undefined if it is direct. */
export async function openProxy(
  target: Target,
  settings: SshSettings,
  connectHop: (hop: Target) => Promise<Client>,
): Promise<Duplex | undefined> {
  if (settings.jump) return forward(await lastHop(target, settings.jump, connectHop), settings);
  if (!settings.proxyCommand) return undefined;
  const command = settings.proxyCommand
    .replaceAll('%h', quote(settings.hostname))
    .replaceAll('%p', String(settings.port))
    .replaceAll('%r', quote(settings.user));
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.on('error', () => undefined);
  writeWholePackets(child.stdin);
  return Duplex.from({ readable: child.stdout, writable: child.stdin });
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

function lastHop(target: Target, jump: string, connectHop: (hop: Target) => Promise<Client>): Promise<Client> {
  const shared = hops.get(target.run) ?? new Map<string, Promise<Client>>();
  hops.set(target.run, shared);
  const known = shared.get(jump);
  if (known) return known;
  const names = jump.split(',');
  const { user, host, port } = parseHop(names.at(-1)!);
  const { jump: _, port: __, user: ___, ...rest } = target;
  const before = names.slice(0, -1).join(',');
  const hop: Target = {
    ...rest,
    host,
    address: host,
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
    ...(before === '' ? {} : { jump: before }),
  };
  const client = connectHop(hop);
  client.catch(() => shared.delete(jump));
  shared.set(jump, client);
  return client;
}

function parseHop(text: string): { user?: string; host: string; port?: number } {
  const [, user, host, port] = /^(?:([^@]+)@)?(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(text.replace(/^ssh:\/\//, '')) ?? [];
  return {
    host: (host ?? text).replace(/^\[|\]$/g, ''),
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
  };
}

function forward(client: Client, { hostname, port }: SshSettings): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, hostname, port, (cause, stream) => {
      if (cause)
        reject(
          new ConnectionLost(`${hostname}:${port} through its jump host`, { cause, hint: `It said: ${cause.message}` }),
        );
      else resolve(stream);
    });
  });
}
