import type { Target } from './connection.ts';
import { Unreachable } from './errors.ts';
import { keyscanCommand } from './known-hosts.ts';
import type { SshSettings } from './ssh-config.ts';
import { unreachable } from './ssh-errors.ts';

/** How the master process of ssh ended before it was logged in: its exit code, and what it printed. */
export type ProgramFailure = 'late' | { readonly code: number | null; readonly said: string };

/** A host, and how it is reached. */
export interface Way {
  readonly target: Target;
  readonly settings: SshSettings;
  readonly address: string;
}

/** The exit code of a shell for a program that is not there (POSIX, 2.8.2). */
const notFound = 127;

/** Texts of OpenSSH, and the code of the system for the same. */
const systemCodes: readonly (readonly [RegExp, string])[] = [
  [/Connection refused/, 'ECONNREFUSED'],
  [/Could not resolve hostname.*Temporary failure/, 'EAI_AGAIN'],
  [/Could not resolve hostname/, 'ENOTFOUND'],
  [/No route to host/, 'EHOSTUNREACH'],
  [/Network is unreachable/, 'ENETUNREACH'],
  [/timed out/, 'ETIMEDOUT'],
  [/(kex_exchange_identification|banner exchange).*(closed|reset)|Exceeded MaxStartups/i, 'ECONNRESET'],
];

/** Why the program ssh could not log in, in words for people. */
export function explainProgram(failure: ProgramFailure, way: Way): Unreachable {
  const { address, target } = way;
  if (failure === 'late') return unreachable({ code: 'ETIMEDOUT' }, address, target.timeout);
  const said = withoutFrame(failure.said);
  if (failure.code === notFound) return noProgram(target);
  const ofKey = keyTrouble(said, way);
  if (ofKey) return ofKey;
  if (/Permission denied \(|Too many authentication failures/.test(said)) return denied(address, said);
  const code = systemCodes.find(([text]) => text.test(said))?.[1];
  if (code !== undefined) return unreachable(Object.assign(new Error(said), { code }), address, target.timeout, said);
  return new Unreachable('connection.failed', `ssh could not connect to ${address}: ${said || 'it gave no reason'}`, {
    hint: 'Try the same by hand with "ssh -v".',
  });
}

/** Without the lines of signs around a warning. */
function withoutFrame(said: string): string {
  const lines = said.split(/\r?\n/).filter(line => !/^@+$/.test(line));
  return lines
    .map(line => line.replace(/^@\s+(.*?)\s+@$/, '$1'))
    .join('\n')
    .trim();
}

function noProgram({ host }: Target): Unreachable {
  return new Unreachable(
    'connection.no-program',
    `${host} has the connection openssh, and this machine lacks the program ssh.`,
    {
      hint: 'Install openssh-client on this machine, or use the connection ssh.',
    },
  );
}

function keyTrouble(said: string, { target, settings }: Way): Unreachable | undefined {
  const { host } = target;
  const told = `ssh said:\n${said}`;
  if (/REVOKED HOST KEY|marked as revoked/i.test(said)) {
    return new Unreachable('hostkey.revoked', `The key of ${host} is revoked. ${told}`, {
      hint: 'Do not connect to it until it has another key.',
    });
  }
  if (/HOST IDENTIFICATION HAS CHANGED/.test(said)) {
    return new Unreachable('hostkey.changed', `The key of ${host} is not the one that is known. ${told}`, {
      hint: 'Someone may be in between, or the host was installed again. If you know why, remove the old line.',
    });
  }
  if (!/Host key verification failed|host key is known for/.test(said)) return undefined;
  const scan = `${keyscanCommand(settings.hostname, settings.port)} >>${settings.knownHostsFiles[0] ?? '~/.ssh/known_hosts'}`;
  return new Unreachable('hostkey.unknown', `The key of ${host} is not known. ${told}`, {
    hint: `Compare it with the host's own, then add it: ${scan}. A certificate needs a line @cert-authority.`,
  });
}

function denied(address: string, said: string): Unreachable {
  return new Unreachable('connection.denied', `${address} accepted none of the ways to log in. ssh said:\n${said}`, {
    hint:
      'The connection openssh gives no password and no passphrase: load the key into your agent, or name one ' +
      'without a passphrase with ansible_ssh_private_key_file.',
  });
}
