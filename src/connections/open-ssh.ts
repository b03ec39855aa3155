import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import SshConfig from 'ssh-config';
import type { Target } from './connection.ts';
import { Unreachable } from './errors.ts';

/** Values by the name of their setting, in lower case. */
export type Found = Readonly<Record<string, readonly string[]>>;

const run = promisify(execFile);

/**
 * What OpenSSH would use for a host; undefined where no configuration says anything, so that no
 * process is needed.
 */
export async function askOpenSsh(target: Target): Promise<Found | undefined> {
  if (target.sshArguments.length === 0 && !isConfigured()) {
    target.trace?.('no ssh configuration says anything: the settings are those of the inventory and the usual ones');
    return undefined;
  }
  try {
    const found = await askProgram(target, []);
    target.trace?.(`ssh configuration: ${['ssh', '-G', ...target.sshArguments, target.address].join(' ')}`);
    return found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return withoutProgram(target);
    const said = String((error as { stderr?: string }).stderr ?? '').trim();
    // OpenSSH refuses a host that the configuration reaches through itself.
    if (/^jumphost loop/m.test(said)) return askProgram(target, ['-o', 'ProxyJump=none']);
    throw new Unreachable('connection.config', `The ssh configuration of ${target.host} cannot be used: ${said}`, {
      cause: error,
      hint: 'See ssh_config(5). It comes from ~/.ssh/config, /etc/ssh/ssh_config and ansible_ssh_common_args.',
    });
  }
}

/** Whether a configuration may say something of a host that concerns us. */
function isConfigured(): boolean {
  const ofSystem = ['/etc/ssh/ssh_config', ...globSync('/etc/ssh/ssh_config.d/*.conf')].filter(existsSync);
  return existsSync(join(homedir(), '.ssh', 'config')) || ofSystem.some(file => saysMuch(readFileSync(file, 'utf8')));
}

/** Settings of systems as they are delivered, which do not concern us. */
const silent = /^\s*(#|$|Host\s*=?\s*\*\s*$|(SendEnv|HashKnownHosts|GSSAPI\w+|ForwardX11\w*|Ciphers|MACs)\b)/i;
const usualInclude = /^\s*Include\s+\/etc\/ssh\/ssh_config\.d\/\*\.conf\s*$/i;

/** Whether a file of the system says more than it does as it was delivered. */
export function saysMuch(text: string): boolean {
  return text.split('\n').some(line => !silent.test(line) && !usualInclude.test(line));
}

async function askProgram(target: Target, first: readonly string[]): Promise<Found> {
  const { stdout } = await run('ssh', [
    '-G',
    ...first,
    ...target.sshArguments,
    ...(target.user ? ['-l', target.user] : []),
    ...(target.port ? ['-p', String(target.port)] : []),
    '--',
    target.address,
  ]);
  const settings = stdout.split(/\r?\n/).map(line => ({
    key: line.replace(/ .*/, '').toLowerCase(),
    value: line.slice(line.indexOf(' ') + 1),
  }));
  const byKey = Map.groupBy(settings, ({ key }) => key);
  return Object.fromEntries([...byKey].map(([key, found]) => [key, found.map(({ value }) => value)]));
}

/**
 * Without an ssh program: the user's file as the package ssh-config computes it. It follows
 * no Include.
 */
function withoutProgram(target: Target): Found {
  const file = join(homedir(), '.ssh', 'config');
  target.trace?.(`ssh configuration: ${file}, without its Include lines: the program ssh is missing`);
  if (!existsSync(file)) return {};
  const computed = SshConfig.parse(readFileSync(file, 'utf8')).compute(target.address);
  return Object.fromEntries(
    Object.entries(computed).map(([key, value]) => [key.toLowerCase(), [value].flat().map(String)]),
  );
}
