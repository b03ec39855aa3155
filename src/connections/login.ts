import { randomBytes } from 'node:crypto';
import { certain } from '../errors.ts';
import { becomeProgress, type Privilege } from '../shell/become.ts';
import { type EntryNonces, entryCommand } from '../shell/entry.ts';
import { readPrelude, type ShellIdentity } from '../shell/prelude.ts';
import { quote } from '../shell/quote.ts';
import { milliseconds } from '../timers.ts';
import type { Channel, ChannelEnd, Connection } from './connection.ts';
import { NotBecome, Unreachable } from './errors.ts';

export interface LoginOptions {
  readonly become?: Privilege | undefined;
  /** Asked for only when the become command itself wants one. */
  readonly becomePassword?: (() => Promise<string | undefined>) | undefined;
  /** Seconds for each step. */
  readonly timeout: number;
}

export interface Shell {
  readonly channel: Channel;
  readonly identity: ShellIdentity;
}

/** Connections on which sshd runs something else than it is told. */
const forced = new WeakSet<Connection>();
/** Seconds after which a command is thought not to have been heard. */
const patience = 5;

/**
 * Opens a shell on the host, as another user where asked, and learns who it is. All that takes
 * travels in one command, unless sshd forces another (sshd_config(5), ForceCommand): then that is
 * told the same on stdin.
 * @throws Unreachable `login.*`, NotBecome, with what the host printed.
 */
export async function login(connection: Connection, options: LoginOptions): Promise<Shell> {
  const shell = forced.has(connection) ? undefined : await enter(connection, options, 'as its command');
  if (shell) return shell;
  const told = certain(await enter(connection, options, 'on stdin'), 'the shell');
  forced.add(connection);
  return told;
}

/** @returns undefined where no shell heard the command */
async function enter(
  connection: Connection,
  options: LoginOptions,
  told: 'as its command' | 'on stdin',
): Promise<Shell | undefined> {
  const { become, timeout } = options;
  const nonces = { heard: newNonce(), ask: newNonce(), up: newNonce() };
  const command = entryCommand(become, nonces);
  const channel = await connection.start(told === 'on stdin' ? 'exec /bin/sh' : command);
  try {
    const heard = hear(channel);
    if (told === 'on stdin') await channel.write(`${command}\n`);
    const limit = told === 'on stdin' ? timeout : Math.min(patience, timeout / 2);
    const taken = await heard.until(() => heard.printed.stdout.includes(`${nonces.heard}\n`), limit);
    if (taken !== 'seen' && told === 'as its command') {
      channel.destroy();
      return undefined;
    }
    heard.forget(`${nonces.heard}\n`);
    if (become && taken === 'seen') await passBecome(connection, channel, heard, { ...options, become, nonces });
    const identity = () => readPrelude(heard.printed.stdout, nonces.up);
    const ready = () => heard.printed.stderr.includes(`${nonces.up} `) && identity();
    const outcome = taken === 'seen' ? await heard.until(ready, timeout) : taken;
    if (outcome !== 'seen') throw noShell(connection, outcome, heard.printed, timeout);
    return { channel, identity: certain(identity(), 'the line of the shell') };
  } catch (error) {
    channel.destroy();
    throw error;
  }
}

interface Becoming extends LoginOptions {
  readonly become: Privilege;
  readonly nonces: EntryNonces;
}

/** Sees a become command through, with a password if it wants one. */
async function passBecome(
  connection: Connection,
  channel: Channel,
  heard: Heard,
  { become, becomePassword, nonces, timeout }: Becoming,
): Promise<void> {
  const progress = () => becomeProgress(become, nonces, heard.printed);
  // su's prompt is told by a line that stays open; a short rest lets a slow line be finished first.
  const settle = become.method === 'su' ? 0.3 : 0;
  let outcome = await heard.until(() => progress() !== 'wait', timeout, settle);
  if (outcome === 'seen' && progress() === 'wants password') {
    const password = await becomePassword?.();
    if (password === undefined) throw wantsPassword(connection, become);
    heard.forget();
    await channel.write(`${password}\n`);
    outcome = await heard.until(() => progress() !== 'wait', timeout, settle);
    if (outcome === 'seen' && progress() === 'wants password') throw wrongPassword(connection, become);
    if (outcome === 'closed') throw wrongPassword(connection, become, heard.printed.stderr);
  }
  if (outcome !== 'seen') throw notBecome(connection, become, outcome, heard.printed, timeout);
}

interface Heard {
  readonly printed: { stdout: string; stderr: string };
  readonly until: (test: () => unknown, seconds: number, settle?: number) => Promise<'seen' | 'closed' | 'timeout'>;
  /** Forgets what was printed; with a text, only what was printed on stdout until its end. */
  readonly forget: (text?: string) => void;
}

/** Collects what a channel prints and waits for something in it. */
function hear(channel: Channel): Heard {
  const printed = { stdout: '', stderr: '' };
  let wake: () => void = () => undefined;
  let ended: ChannelEnd | undefined;
  const take = (stream: 'stdout' | 'stderr') => (chunk: Buffer) => {
    printed[stream] = (printed[stream] + chunk.toString('latin1')).slice(-65536);
    wake();
  };
  channel.listen({ stdout: take('stdout'), stderr: take('stderr') });
  void channel.closed.then(end => {
    ended = end;
    wake();
  });

  async function until(test: () => unknown, seconds: number, settle = 0): Promise<'seen' | 'closed' | 'timeout'> {
    const deadline = performance.now() + milliseconds(seconds);
    for (;;) {
      if (test()) {
        if (settle > 0) await new Promise(done => setTimeout(done, settle * 1000));
        if (test()) return 'seen';
      }
      if (ended) return 'closed';
      const left = deadline - performance.now();
      if (left <= 0) return 'timeout';
      await new Promise<void>(done => {
        const timer = setTimeout(done, left);
        wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  }
  function forget(text?: string): void {
    const at = text === undefined ? -1 : printed.stdout.indexOf(text);
    if (text === undefined) Object.assign(printed, { stdout: '', stderr: '' });
    else if (at >= 0) printed.stdout = printed.stdout.slice(at + text.length);
  }
  return { printed, until, forget };
}

/** Text that no program prints by chance: it marks what is ours in a stream. */
export function newNonce(): string {
  return `hw${randomBytes(12).toString('hex')}`;
}

function noShell(connection: Connection, outcome: string, printed: Heard['printed'], timeout: number): Unreachable {
  const how = outcome === 'timeout' ? `did not start within ${timeout} s` : 'ended at once';
  return new Unreachable('login.shell', `A shell on ${connection.address} ${how}.${said(printed)}`, {
    hint: 'The login shell must be able to run "exec /bin/sh"; try it by hand with ssh.',
  });
}

function wantsPassword(connection: Connection, { method, user }: Privilege): NotBecome {
  return new NotBecome(
    'become.password',
    `${method} on ${connection.address} wants a password to become ${user}.`,
    'Give it with -K (--ask-become-pass), or allow it without a password in sudoers.',
  );
}

function wrongPassword(connection: Connection, { method, user }: Privilege, stderr = ''): NotBecome {
  return new NotBecome(
    'become.denied',
    `${method} on ${connection.address} did not accept the password to become ${user}.${said({ stdout: '', stderr })}`,
    'Try the same by hand, and look whether the user may become another at all.',
  );
}

function notBecome(
  connection: Connection,
  { method, user }: Privilege,
  outcome: string,
  printed: Heard['printed'],
  timeout: number,
): NotBecome {
  const how = outcome === 'timeout' ? `gave no answer within ${timeout} s` : 'refused';
  const why = said(printed);
  const hints = {
    sudo: /\btty\b/.test(why)
      ? 'Take "requiretty" out of sudoers for this user: Hostwright opens a connection without a terminal.'
      : `Try it by hand on the host: sudo -u ${quote(user)} true`,
    su: 'Try "su" by hand, or use sudo.',
    doas:
      'doas can ask for a password on a terminal only: write "permit nopass" for this user ' +
      'in doas.conf, or use sudo.',
  };
  // sudo, su of util-linux and of shadow, and doas.
  const isStranger = /unknown user|does not exist|No passwd entry/i.test(why);
  const hint = isStranger
    ? `The host has no user ${user}. Correct become_user, or make the user before.`
    : hints[method];
  const message = `${method} on ${connection.address} ${how} to become ${user}.${why}`;
  return new NotBecome('become.failed', message, hint);
}

function said({ stdout, stderr }: Heard['printed']): string {
  const text = `${stderr}${stdout}`.trim().slice(-2000);
  return text ? ` It said:\n${text}` : '';
}
