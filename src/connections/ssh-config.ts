import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Target } from './connection.ts';
import { currentUser } from './current-user.ts';
import { Unreachable } from './errors.ts';
import { askOpenSsh, type Found } from './open-ssh.ts';
import { expandPath, type Tokens, tokensOf } from './tokens.ts';

/** What OpenSSH would use for a host: the part of it that concerns us. */
export interface SshSettings {
  readonly hostname: string;
  readonly port: number;
  readonly user: string;
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** Path of the agent's socket; undefined if there is none. */
  readonly agent: string | undefined;
  readonly knownHostsFiles: readonly string[];
  readonly hostKeyAlias: string | undefined;
  readonly acceptNew: boolean;
  /** `StrictHostKeyChecking no`, which is not followed. */
  readonly wantsNoCheck: boolean;
  /** `user@host:port` hops, comma-separated. */
  readonly jump: string | undefined;
  readonly proxyCommand: string | undefined;
  readonly tokens: Tokens;
}

/** For messages: `root@10.0.0.7 port 2222`. */
export function addressOf({ user, hostname, port }: SshSettings): string {
  return `${user}@${hostname}${port === 22 ? '' : ` port ${port}`}`;
}

const defaultKeys = ['id_ed25519', 'id_ecdsa', 'id_rsa'].map(name => join(homedir(), '.ssh', name));
const defaultKnownHosts = [
  ...['known_hosts', 'known_hosts2'].map(name => join(homedir(), '.ssh', name)),
  '/etc/ssh/ssh_known_hosts',
];

/**
 * Settings of a host from `ssh -G`, which reads the configuration as OpenSSH does. What the
 * inventory says wins.
 * @throws Unreachable `connection.config`, `connection.name`
 */
export async function sshSettings(target: Target): Promise<SshSettings> {
  refuseName(target, 'address', target.address);
  if (target.user !== undefined) refuseName(target, 'user', target.user);
  const answer = await askOpenSsh(target);
  const found = withoutNone(answer ?? {});
  const one = (key: string) => found[key]?.[0];
  const names = {
    address: target.address,
    hostname: one('hostname') ?? target.address,
    port: target.port ?? Number(one('port') ?? 22),
    user: target.user ?? one('user') ?? currentUser(),
    hostKeyAlias: one('hostkeyalias'),
  };
  refuseName(target, 'address', names.hostname);
  refuseName(target, 'user', names.user);
  const tokens = tokensOf(names);
  const paths = (values: readonly string[] = []) => values.map(value => expandPath(value, tokens));
  const list = (key: string) => paths((found[key] ?? []).flatMap(value => value.split(/\s+/))).filter(isFileName);
  const knownHosts = [
    ...paths(target.knownHostsFiles).filter(isFileName),
    ...list('userknownhostsfile'),
    ...list('globalknownhostsfile'),
  ];
  const own = target.privateKeyFiles.length > 0;
  return {
    ...names,
    identityFiles: own ? paths(target.privateKeyFiles) : found.identityfile ? paths(found.identityfile) : defaultKeys,
    identitiesOnly: own || one('identitiesonly') === 'yes',
    agent: agentOf(found.identityagent, tokens),
    knownHostsFiles: answer ? knownHosts : [...knownHosts, ...defaultKnownHosts],
    acceptNew: target.hostKeys === 'accept-new' || one('stricthostkeychecking') === 'accept-new',
    wantsNoCheck: ['no', 'off', 'false'].includes(one('stricthostkeychecking') ?? ''),
    jump: target.jump ?? one('proxyjump'),
    proxyCommand: one('proxycommand'),
    tokens,
  };
}

/**
 * Settings for which `none` is a word of ssh_config(5), and not the name of a file, a host or a
 * command.
 */
const mayBeNone = [
  'globalknownhostsfile',
  'identityagent',
  'identityfile',
  'proxycommand',
  'proxyjump',
  'userknownhostsfile',
];

/** Settings with an empty list where they are `none`: a file of that name is not read. */
function withoutNone(found: Found): Found {
  const rows = Object.entries(found).map(([key, values]) => {
    return [key, mayBeNone.includes(key) ? values.filter(value => value !== 'none') : values];
  });
  return Object.fromEntries(rows);
}

/** A key that is written to the null device is not remembered, just as with `none`. */
function isFileName(path: string): boolean {
  return path !== '/dev/null';
}

/** The socket of the agent: ssh_config(5), IdentityAgent. */
function agentOf([setting]: readonly (string | undefined)[] = ['SSH_AUTH_SOCK'], tokens: Tokens): string | undefined {
  if (setting === undefined) return undefined;
  if (setting === 'SSH_AUTH_SOCK') return process.env.SSH_AUTH_SOCK;
  return setting.startsWith('$')
    ? process.env[setting.slice(1).replace(/^\{(.*)\}$/, '$1')]
    : expandPath(setting, tokens);
}

/**
 * Names of hosts and users get into commands (ProxyCommand, Match exec) that a shell reads. What a
 * shell would read as more than a name is refused, as OpenSSH refuses it (ssh.c, valid_hostname and
 * valid_ruser).
 */
function refuseName({ host }: Target, what: 'address' | 'user', name: string): void {
  if (name !== '' && !/^-|[\s\x00-\x1f\x7f'"`$\\;&<>|(){}]/.test(name)) return;
  const variable = what === 'user' ? 'ansible_user' : 'ansible_host';
  throw new Unreachable('connection.name', `Host ${host} has the ${what} ${JSON.stringify(name)}.`, {
    hint:
      `Give another with ${variable}: it must not begin with "-", and have no blanks, quotes or ` +
      `signs of the shell.`,
  });
}
