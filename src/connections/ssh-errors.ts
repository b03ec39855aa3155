import { messageOf } from '../errors.ts';
import { Unreachable } from './errors.ts';
import { turnedAway } from './turned-away.ts';

/** What was offered in a login. */
interface Offered {
  /** The ways that were tried. */
  readonly tried: readonly string[];
  /** Files of keys that are named for the host and are not there. */
  readonly missing: readonly string[];
}

/** Why a login was not accepted. */
export function denied(address: string, { tried, missing }: Offered, cause: unknown): Unreachable {
  const ways = tried.length > 0 ? `tried: ${[...new Set(tried)].join(', ')}` : 'there was no key to try';
  const lost = missing.map(file => ` The key file ${file} does not exist.`).join('');
  return new Unreachable('connection.denied', `${address} rejected every login method (${ways}).${lost}`, {
    cause,
    hint:
      'Name the key with ansible_ssh_private_key_file or --private-key, load it into your agent, or give a password ' +
      'with ansible_password or -k.',
  });
}

const startups = 'Raise MaxStartups in its sshd_config, or lower --forks; its sshd log says which.';

const known: Readonly<Record<string, (timeout: number) => readonly [what: string, hint: string]>> = {
  ECONNREFUSED: () => ['refused the connection', 'Look whether sshd runs there, and on that port.'],
  ENOTFOUND: () => ['has a name that cannot be resolved', 'Give its address with ansible_host.'],
  EAI_AGAIN: () => [
    'has a name that cannot be resolved now',
    'Look at the name server, or give its address with ansible_host.',
  ],
  EHOSTUNREACH: () => ['cannot be reached', 'No route leads to it from here.'],
  ENETUNREACH: () => ['cannot be reached', 'No route leads to its network from here.'],
  ETIMEDOUT: timeout => [
    `gave no answer within ${timeout} s`,
    'Look whether it is up and no firewall is between; --timeout sets the limit.',
  ],
};

/**
 * Why a host could not be connected, in words for people. `greeting` is what it said before it hung
 * up.
 */
export function unreachable(error: unknown, address: string, timeout: number, greeting = ''): Unreachable {
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  if (/before handshake/i.test(messageOf(error)) || code === 'ECONNRESET') {
    const said = greeting.trim() === '' ? '' : ` It said: ${greeting.trim()}`;
    return new Unreachable(turnedAway, `${address} hung up before the login, each time.${said}`, {
      cause: error,
      hint: startups,
    });
  }
  const [what, hint] = known[/timed out/i.test(messageOf(error)) ? 'ETIMEDOUT' : code]?.(timeout) ?? [
    `could not be connected: ${messageOf(error)}`,
    'Try the same with "ssh -v".',
  ];
  return new Unreachable(`connection.${code === '' ? 'failed' : code.toLowerCase()}`, `${address} ${what}.`, {
    cause: error,
    hint,
  });
}

/** What became of a connection that a jump host was to make. */
interface Forward {
  /** Where it was to lead, for messages. */
  readonly to: string;
  /** Whether the sshd of the jump host makes none. */
  readonly forbidden: boolean;
  readonly said: string;
  readonly cause?: unknown;
}

/** Why a jump host has not passed a connection on. */
export function notForwarded(by: string, { to, forbidden, said, cause }: Forward): Unreachable {
  const hint = forbidden
    ? `Look at AllowTcpForwarding, PermitOpen and DisableForwarding in the sshd_config of ${by}.`
    : `Look from ${by} whether sshd runs there, and on that port.`;
  const what = forbidden ? 'forbids connections' : 'has no connection';
  const code = forbidden ? 'jump.forbidden' : 'jump.failed';
  return new Unreachable(code, `The jump host ${by} ${what} to ${to}: ${said}.`, { cause, hint });
}
