import { HostwrightError } from '../errors.ts';
import { encodeFrame, readFrame } from '../shell/frame.ts';
import type { ShellIdentity } from '../shell/prelude.ts';
import { sh } from '../shell/quote.ts';
import { type Answer, type Script, script } from '../shell/script.ts';
import { listDescendants, stopDescendants } from '../shell/stop.ts';
import type { Connection } from './connection.ts';
import { ConnectionLost, TimedOut } from './errors.ts';
import { type LoginOptions, login, newNonce, type Shell } from './login.ts';
import { receive } from './receive.ts';
import { send } from './send.ts';

export interface RunOptions {
  /** Seconds after which everything the script started is stopped. */
  readonly limit: number;
  /** True for an apply: the first section that fails is the last. */
  readonly stopAtFailure?: boolean;
}

/** One live shell on a host, for one privilege: scripts go in, answers come back, one at a time. */
export interface Session {
  readonly address: string;
  readonly identity: () => ShellIdentity;
  /** Scripts that were sent and answered. */
  readonly turns: () => number;
  /**
   * Runs a script and gives its answer.
   * @throws ConnectionLost if the link died before the answer was whole: what ran may go on.
   * @throws TimedOut if the limit passed; everything the script had started has been stopped.
   */
  readonly run: (script: Script, options: RunOptions) => Promise<Answer>;
  /**
   * Streams a file or bytes to a path on the host with mode 0600, over a channel of its own with the same privilege, and proves it by its hash.
   * @throws HostwrightError `put.*`
   */
  readonly put: (to: string, source: { readonly path: string } | { readonly bytes: Uint8Array }) => Promise<void>;
  /**
   * Streams a file of the host, of any size, to a new file of mode 0600 on the controller, over a channel of its own with the same privilege; gives
   * its sha256.
   * @throws HostwrightError `get.failed`
   */
  readonly get: (from: string, to: string) => Promise<string>;
  readonly close: () => void;
}

/** Opens a session: one channel on the connection, as another user where asked. */
export async function openSession(connection: Connection, options: LoginOptions): Promise<Session> {
  let shell = await login(connection, options);
  const state = { turns: 0, retired: false };
  let turn: Promise<unknown> = Promise.resolve();

  async function inLiveShell(toRun: Script, runOptions: RunOptions): Promise<Answer> {
    if (state.retired) {
      shell.channel.destroy();
      shell = await login(connection, options);
      state.retired = false;
    }
    return exchange(connection, options, shell, toRun, runOptions, state);
  }
  function run(toRun: Script, runOptions: RunOptions): Promise<Answer> {
    const mine = turn.then(() => inLiveShell(toRun, runOptions));
    turn = mine.catch(() => undefined);
    return mine;
  }
  return {
    address: connection.address,
    identity: () => shell.identity,
    turns: () => state.turns,
    run,
    put: async (to, source) => {
      const sha256 = await send(connection, options, to, source);
      const check = script({ hash: sh`sha256sum -- ${to}` });
      const { hash } = await run(check, { limit: 600 });
      if (hash?.code !== 0 || hash.stdout.replace(/^\\/, '').slice(0, 64) !== sha256) {
        throw new HostwrightError('put.hash', `${to} on ${connection.address} is not what was sent.`, {
          hint: `Look whether its file system is full. ${hash?.stderr.trim() ?? ''}`,
        });
      }
    },
    get: (from, to) => receive(connection, options, from, to),
    close: () => shell.channel.destroy(),
  };
}

async function exchange(
  connection: Connection,
  login: LoginOptions,
  { channel, identity }: Shell,
  toRun: Script,
  { limit, stopAtFailure = false }: RunOptions,
  state: { turns: number; retired: boolean },
): Promise<Answer> {
  const nonce = newNonce();
  const reader = readFrame(toRun, nonce);
  let finish: () => void = () => undefined;
  const whole = new Promise<'whole'>(done => {
    finish = () => done('whole');
  });
  const take = (stream: 'stdout' | 'stderr') => (chunk: Buffer) => {
    reader.push(stream, chunk);
    if (reader.done()) finish();
  };
  channel.listen({ stdout: take('stdout'), stderr: take('stderr') });
  void channel.write(encodeFrame(toRun, { nonce, stopAtFailure }));

  const lost = channel.closed.then(() => 'lost' as const);
  let outcome = await within(limit, Promise.race([whole, lost]));
  if (outcome === 'late') {
    await stop(connection, login, identity.pid);
    outcome = await within(10, Promise.race([whole, lost]));
    state.retired = outcome !== 'whole';
    if (outcome === 'late') throw await stuck(connection, login, identity.pid, limit);
    if (outcome === 'whole') throw new TimedOut(limit);
  }
  // Bytes that nobody asked for come from something a script left behind: this shell cannot be trusted with another answer.
  state.retired = outcome === 'lost' || reader.stray() > 0;
  if (outcome === 'lost') throw new ConnectionLost(connection.address);
  state.turns += 1;
  return reader.answer();
}

/** Waits for a promise, but no longer than `seconds`. */
async function within<T>(seconds: number, promise: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>(done => {
    timer = setTimeout(() => done('late'), Math.min(seconds * 1000, 2 ** 31 - 1));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs a script in a second shell of the same privilege, on the same link. */
async function beside(connection: Connection, options: LoginOptions, toRun: Script): Promise<Answer> {
  const shell = await login(connection, options);
  try {
    return await exchange(connection, options, shell, toRun, { limit: 20 }, { turns: 0, retired: false });
  } finally {
    shell.channel.destroy();
  }
}

async function stop(connection: Connection, options: LoginOptions, pid: number): Promise<void> {
  await beside(connection, options, stopDescendants(pid, 5)).catch(() => undefined);
}

async function stuck(connection: Connection, options: LoginOptions, pid: number, limit: number): Promise<Error> {
  const answer = await beside(connection, options, listDescendants(pid)).catch(() => undefined);
  const left = answer?.left?.stdout.trim() || 'nothing could be learnt of it';
  return new HostwrightError('script.stuck', `It did not end within ${limit} s and cannot be stopped: ${left}`, {
    hint: 'A process in state D waits for a device: look at multipath, NFS mounts and the kernel log.',
  });
}
