import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../connection.ts';
import { Unreachable } from '../errors.ts';
import { addKeyCommand } from '../known-hosts.ts';
import { notForwarded, unreachable } from '../ssh-errors.ts';
import type { Way } from './ssh-program-way.ts';

/**
 * How the master process of ssh ended before it was logged in: its exit code, and what it printed.
 */
export type ProgramFailure = 'late' | { readonly code: number | null; readonly said: string };

/** The exit code of a shell for a program that is not there (POSIX, 2.8.2). */
const notFound = 127;

/** Lines of OpenSSH, and the code of the system for the same. */
const systemCodes: readonly (readonly [RegExp, string])[] = [
  [/^ssh: connect to host .*: Connection refused$/m, 'ECONNREFUSED'],
  [/^ssh: Could not resolve hostname .*: Temporary failure/m, 'EAI_AGAIN'],
  [/^ssh: Could not resolve hostname /m, 'ENOTFOUND'],
  [/^ssh: connect to host .*: No route to host$/m, 'EHOSTUNREACH'],
  [/^ssh: connect to host .*: Network is unreachable$/m, 'ENETUNREACH'],
  [/^(ssh: connect to host .*|Connection) timed out( during banner exchange)?$/m, 'ETIMEDOUT'],
  [/^(kex_exchange_identification|ssh_exchange_identification|banner exchange): .*(closed|reset)/im, 'ECONNRESET'],
];

/** Why the program ssh could not log in, in words for people. */
export function explainProgram(failure: ProgramFailure, route: Way): Unreachable {
  if (failure === 'late') return unreachable({ code: 'ETIMEDOUT' }, route.address, route.target.timeout);
  if (failure.code === notFound) return noProgram(route.target);
  const said = ownLines(failure.said, route);
  const last = ending(said);
  const way = whoseTrouble(last, route);
  const { address, target } = way;
  if (/^Host key verification failed\.$/m.test(last)) return keyTrouble(said, way);
  if (/^\S+: Permission denied \(|: Too many authentication failures$/m.test(last)) return denied(address, said);
  const ofForward = forwardTrouble(last, route);
  if (ofForward) return ofForward;
  const code = systemCodes.find(([text]) => text.test(last))?.[1];
  if (code !== undefined) return unreachable({ code }, address, target.timeout, said);
  return new Unreachable('connection.failed', `ssh could not connect to ${address}: ${said || 'it gave no reason'}`, {
    hint: 'Try the same by hand with "ssh -v".',
  });
}

/**
 * What the ssh of a host says where the ssh of its jump host has ended before: packet.c,
 * ssh_remote_ipaddr.
 */
const afterHop =
  /^((kex_exchange_identification|ssh_exchange_identification|banner exchange): .*|.* by UNKNOWN port 65535)$/;

/**
 * What ssh printed, without frames of signs, and without what only follows from the end of a jump
 * host's ssh.
 */
function ownLines(said: string, { hop }: Way): string {
  const lines = said
    .trim()
    .split(/\r?\n/)
    .filter(line => !/^@+$/.test(line))
    .map(line => line.replace(/^@\s+(.*?)\s+@$/, '$1'));
  const end = hop ? lines.findLastIndex(line => !afterHop.test(line)) : -1;
  return lines.slice(0, end < 0 ? undefined : end + 1).join('\n');
}

/**
 * Why ssh has ended, which its last two lines say. Before them may be anything, such as the banner
 * of a host.
 */
function ending(said: string): string {
  return said.split('\n').slice(-2).join('\n');
}

/** The jump host that these lines are about; the host itself, unless there is one. */
function whoseTrouble(lines: string, route: Way): Way {
  const text = lines.toLowerCase();
  const about = (way: Way) => linesAbout(way).some(part => text.includes(part.toLowerCase()));
  return [route, ...hopsOf(route)].find(about) ?? route;
}

/** Jump hosts, from the last to the first. */
function hopsOf({ hop }: Way): readonly Way[] {
  return hop ? [hop, ...hopsOf(hop)] : [];
}

/** What OpenSSH says of one host only: sshconnect.c, sshconnect2.c, packet.c. */
function linesAbout({ settings: { hostname, port, user, hostKeyAlias } }: Way): readonly string[] {
  const known = hostKeyAlias ?? (port === 22 ? hostname : `[${hostname}]:${port}`);
  return [
    `host key is known for ${known} `,
    `host key for ${known} `,
    `${user}@${hostname}: Permission denied `,
    `ssh: connect to host ${hostname} port ${port}: `,
    `ssh: Could not resolve hostname ${hostname}: `,
    ` by ${hostname} port ${port}`,
  ];
}

/**
 * A connection that a jump host has not made: clientloop.c, channels.c. Which of several it was is
 * not said.
 */
function forwardTrouble(lines: string, route: Way): Unreachable | undefined {
  const [, said] = /^channel \d+: open failed: (.*)\nstdio forwarding failed$/m.exec(lines) ?? [];
  if (said === undefined) return undefined;
  const names = hopsOf(route).map(({ target }) => target.host);
  const { hostname, port } = route.settings;
  const to = names.length === 1 ? `${hostname} port ${port}` : 'the next host';
  return notForwarded(names.join(' or '), { to, forbidden: said.startsWith('administratively prohibited'), said });
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

function keyTrouble(said: string, { target, settings }: Way): Unreachable {
  const host = target.behind ? `the jump host ${target.host}` : target.host;
  const told = `ssh said:\n${said}`;
  if (/^WARNING: REVOKED HOST KEY|marked as revoked\.$/m.test(said)) {
    return new Unreachable('hostkey.revoked', `The key of ${host} is revoked. ${told}`, {
      hint: 'Do not connect to it until it has another key.',
    });
  }
  if (/^WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED/m.test(said)) {
    return new Unreachable('hostkey.changed', `The key of ${host} is not the one that is known. ${told}`, {
      hint: 'Someone may be in between, or the host was installed again. If you know why, remove the old line.',
    });
  }
  const file = settings.knownHostsFiles[0] ?? join(homedir(), '.ssh/known_hosts');
  const add = addKeyCommand(settings.hostname, settings.port, file);
  return new Unreachable('hostkey.unknown', `The key of ${host} is not known. ${told}`, {
    hint: `A certificate needs a line @cert-authority. Compare a key with the host's own, then add it: ${add}`,
  });
}

function denied(address: string, said: string): Unreachable {
  return new Unreachable('connection.denied', `${address} rejected every login method. ssh said:\n${said}`, {
    hint:
      'The connection openssh gives no password and no passphrase: load the key into your agent, or name one ' +
      'without a passphrase with ansible_ssh_private_key_file.',
  });
}
