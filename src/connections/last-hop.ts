import type { Target } from './connection.ts';
import { Unreachable } from './errors.ts';
import type { SshSettings } from './ssh-config.ts';

/**
 * The jump host that connects to a host; undefined where it has none, or is its only jump host
 * itself. The jump hosts before it are its own.
 * @throws Unreachable `jump.circle` where jump hosts lead in a circle
 */
export function lastHop(target: Target, settings: SshSettings): Target | undefined {
  const names = (settings.jump ?? '').split(',').filter(name => name !== '');
  const last = names.findLastIndex(name => !isItself(name, target, settings));
  const [name, ...before] = names.slice(0, last + 1).toReversed();
  if (name === undefined) return undefined;
  const hops = before.toReversed();
  refuseCircle(target, [...hops, name].join(','));
  return hopOf(target, name, hops.join(','));
}

/**
 * A jump host as OpenSSH reaches it (ssh.c, "If ProxyJump option specified"): it has the
 * configuration file of the host, and otherwise settings of its own. Key, user and arguments of the
 * host are not for it.
 */
function hopOf(target: Target, hop: string, before: string): Target {
  const { sshArguments, hostKeys, timeout, run, host, behind = [], trace } = target;
  const { user, host: name, port } = parseHop(hop);
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
    behind: [...(behind.length === 0 ? [host] : behind), before === '' ? hop : `${before},${hop}`],
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
