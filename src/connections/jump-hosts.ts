import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { Target } from './connection.ts';
import { Unreachable } from './errors.ts';
import type { SshSettings } from './ssh-config.ts';

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
  const names = (settings.jump ?? '').split(',').filter(name => name !== '');
  while (names.length > 0 && isItself(names.at(-1)!, target, settings)) names.pop();
  const last = names.at(-1);
  if (last === undefined) return undefined;
  return forward(await connected(target, names, connectHop), settings, last);
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

function connected(target: Target, names: readonly string[], connectHop: ConnectHop): Promise<Client> {
  const shared = hops.get(target.run) ?? new Map<string, Promise<Client>>();
  hops.set(target.run, shared);
  const hop = hopOf(target, names);
  refuseCircle(target, names.join(','));
  // With those that wait for it: two hosts on two ways round a circle would wait for each other.
  const way = JSON.stringify([names, hop.sshArguments, hop.behind?.slice(1)]);
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

/**
 * A jump host as OpenSSH reaches it (ssh.c, "If ProxyJump option specified"): it has the
 * configuration file of the host, and otherwise settings of its own. Key, user and arguments of the
 * host are not for it.
 */
function hopOf(target: Target, names: readonly string[]): Target {
  const { sshArguments, hostKeys, timeout, run, host, behind = [], trace } = target;
  const { user, host: name, port } = parseHop(names.at(-1)!);
  const before = names.slice(0, -1).join(',');
  return {
    host: name,
    connection: 'ssh',
    address: name,
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
    privateKeyFiles: [],
    knownHostsFiles: [],
    sshArguments: configurationFile(sshArguments),
    hostKeys,
    timeout,
    ...(before === '' ? {} : { jump: before }),
    ...(trace ? { trace: (text: string) => trace(`jump host ${name}: ${text}`) } : {}),
    behind: [...(behind.length === 0 ? [host] : behind), names.join(',')],
    run,
  };
}

/** `-F FILE` of the arguments. */
function configurationFile(words: readonly string[]): readonly string[] {
  const at = words.findLastIndex(word => word.startsWith('-F'));
  const word = words[at];
  if (word === undefined) return [];
  return word === '-F' ? words.slice(at, at + 2) : [word];
}

/** A host that waits for a connection to itself would wait for ever. */
function refuseCircle({ host, behind = [] }: Target, next: string): void {
  if (!behind.includes(next)) return;
  throw new Unreachable('jump.circle', `The jump hosts of ${behind[0] ?? host} lead in a circle to ${next}.`, {
    hint: 'Write "ProxyJump none" for the first of them in the ssh configuration.',
  });
}

/**
 * Whether a jump host is the host that is reached through it: `Host *` with ProxyJump holds for the
 * jump host, too.
 */
function isItself(name: string, target: Target, settings: SshSettings): boolean {
  const { user, host, port } = parseHop(name);
  const samePort = port === target.port || (port ?? 22) === settings.port;
  return host === target.address && samePort && (user === undefined || user === settings.user);
}

function parseHop(text: string): { user?: string; host: string; port?: number } {
  const [, user, host, port] = /^(?:(.+)@)?(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(text.replace(/^ssh:\/\//, '')) ?? [];
  return {
    host: (host ?? text).replace(/^\[|\]$/g, ''),
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
  };
}

/** RFC 4254, section 5.1: SSH_OPEN_ADMINISTRATIVELY_PROHIBITED. */
const prohibited = 1;

function forward(client: Client, { hostname, port }: SshSettings, by: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, hostname, port, (cause, stream) => {
      if (!cause) return resolve(stream);
      const forbidden = (cause as { reason?: unknown }).reason === prohibited;
      const said = cause.message.replace(/^\(SSH\) Channel open failure: /, '');
      const hint = forbidden
        ? `Look at AllowTcpForwarding, PermitOpen and DisableForwarding in the sshd_config of ${by}.`
        : `Look from ${by} whether sshd runs there, and on that port.`;
      const what = forbidden ? 'forbids connections' : 'has no connection';
      const code = forbidden ? 'jump.forbidden' : 'jump.failed';
      reject(
        new Unreachable(code, `The jump host ${by} ${what} to ${hostname} port ${port}: ${said}.`, { cause, hint }),
      );
    });
  });
}
