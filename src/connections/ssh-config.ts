import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import SshConfig from 'ssh-config';
import type { Target } from './connection.ts';
import { currentUser } from './current-user.ts';

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
  /** `user@host:port` hops, comma-separated. */
  readonly jump: string | undefined;
  readonly proxyCommand: string | undefined;
}

const run = promisify(execFile);
const defaultKeys = ['id_ed25519', 'id_ecdsa', 'id_rsa'].map(name => join(homedir(), '.ssh', name));
const defaultKnownHosts = [
  ...['known_hosts', 'known_hosts2'].map(name => join(homedir(), '.ssh', name)),
  '/etc/ssh/ssh_known_hosts',
];

/**
 * Settings of a host from `ssh -G`, which reads ~/.ssh/config as OpenSSH does; without a configuration of the user's, no process is started. What the
 * inventory says wins.
 */
export async function sshSettings(target: Target): Promise<SshSettings> {
  const configured = target.sshArguments.length > 0 || existsSync(join(homedir(), '.ssh', 'config'));
  const found = withoutNone(configured ? await askSsh(target) : {});
  const list = (key: string) => (found[key] ?? []).flatMap(value => value.split(/\s+/)).map(expandHome);
  const one = (key: string) => found[key]?.[0];
  const knownHosts = [...target.knownHostsFiles, ...list('userknownhostsfile'), ...list('globalknownhostsfile')];
  return {
    hostname: one('hostname') ?? target.address,
    port: target.port ?? Number(one('port') ?? 22),
    user: target.user ?? one('user') ?? currentUser(),
    identityFiles:
      target.privateKeyFiles.length > 0
        ? target.privateKeyFiles.map(expandHome)
        : (found.identityfile?.map(expandHome) ?? defaultKeys),
    identitiesOnly: target.privateKeyFiles.length > 0 || one('identitiesonly') === 'yes',
    agent: agentOf(found.identityagent),
    knownHostsFiles: configured ? knownHosts : [...knownHosts, ...defaultKnownHosts],
    hostKeyAlias: one('hostkeyalias'),
    acceptNew: target.hostKeys === 'accept-new' || one('stricthostkeychecking') === 'accept-new',
    jump: target.jump ?? one('proxyjump'),
    proxyCommand: one('proxycommand'),
  };
}

type Found = Readonly<Record<string, readonly string[]>>;

/** Settings for which `none` is a word of ssh_config(5), and not the name of a file, a host or a command. */
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

/** The socket of the agent: ssh_config(5), IdentityAgent. */
function agentOf([setting]: readonly (string | undefined)[] = ['SSH_AUTH_SOCK']): string | undefined {
  if (setting === undefined) return undefined;
  if (setting === 'SSH_AUTH_SOCK') return process.env.SSH_AUTH_SOCK;
  return setting.startsWith('$') ? process.env[setting.slice(1).replace(/^\{(.*)\}$/, '$1')] : expandHome(setting);
}

async function askSsh(target: Target): Promise<Found> {
  try {
    const { stdout } = await run('ssh', [
      '-G',
      ...target.sshArguments,
      ...(target.user ? ['-l', target.user] : []),
      '--',
      target.address,
    ]);
    const settings = stdout
      .split('\n')
      .map(line => [line.split(' ', 1)[0]!.toLowerCase(), line.slice(line.indexOf(' ') + 1)]);
    const byKey = Object.groupBy(settings, ([key]) => key!);
    return Object.fromEntries(
      Object.entries(byKey).map(([key, found]) => [key, (found ?? []).map(([, value]) => value!)]),
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return withoutSsh(target);
  }
}

/** Where there is no ssh program: the user's file as the package ssh-config computes it. It follows no Include. */
function withoutSsh(target: Target): Found {
  const file = join(homedir(), '.ssh', 'config');
  if (!existsSync(file)) return {};
  const computed = SshConfig.parse(readFileSync(file, 'utf8')).compute(target.address);
  return Object.fromEntries(
    Object.entries(computed).map(([key, value]) => [key.toLowerCase(), [value].flat().map(String)]),
  );
}

function expandHome(path: string): string {
  return path.replace(/^~(?=\/|$)/, homedir()).replaceAll('%d', homedir());
}
