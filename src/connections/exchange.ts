import { HostwrightError } from '../errors.ts';
import { encodeFrame, type FrameReader, type Heard, notKept, readFrame } from '../shell/frame.ts';
import type { Answer, Script } from '../shell/script.ts';
import { endShell, listDescendants, stopDescendants } from '../shell/stop.ts';
import { milliseconds } from '../timers.ts';
import type { Connection } from './connection.ts';
import { ConnectionLost, Spoiled, TimedOut, TooMuchOutput } from './errors.ts';
import { type LoginOptions, login, newNonce, type Shell } from './login.ts';

export interface SendOptions {
  /**
   * Seconds, from when its turn comes in the shell, after which everything the script started is
   * stopped.
   */
  readonly limit: number;
  /** True for an apply: the first section that fails is the last. */
  readonly stopAtFailure?: boolean;
  /**
   * It runs programs that may go on: a shell that one of them still prints to is given up. An apply
   * is watched unless it says otherwise.
   */
  readonly watched?: boolean;
  readonly heard?: Heard | undefined;
}

/**
 * The scripts that are underway in one live shell: each is written behind those before it, and
 * answered in their order.
 */
export interface Exchange {
  /**
   * Sends a script behind those that are underway; what is sent in one go travels in one write.
   * @throws ConnectionLost, TimedOut; Spoiled if the shell was given up before its turn came
   */
  readonly send: (script: Script, options: SendOptions) => Promise<Answer>;
  /** Settles once nothing is underway. */
  readonly idle: () => Promise<void>;
  /**
   * `stopping`: a script passed its limit, and nothing else may be sent before it is gone.
   * `retired`: the shell gets no other script.
   */
  readonly state: () => 'open' | 'stopping' | 'retired';
  /** Writes so far: round trips. */
  readonly roundTrips: () => number;
  readonly close: () => void;
}

interface Frame {
  readonly reader: FrameReader;
  /** It looks, and what it found decides: that must be whole. */
  readonly looks: boolean;
  /** Some of it runs in the shell itself, which then has to end with it. */
  readonly inShell: boolean;
  readonly limit: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** Begins to talk with a shell that is logged in. */
export function createExchange(connection: Connection, options: LoginOptions, { channel, identity }: Shell): Exchange {
  const frames: Frame[] = [];
  const waiting: (() => void)[] = [];
  let late = false;
  let stopping = false;
  let retired = false;
  let ended: TimedOut | undefined;
  let timer: NodeJS.Timeout | undefined;
  let unsent = '';
  let roundTrips = 0;

  channel.listen({ stdout: chunk => take('stdout', chunk), stderr: chunk => take('stderr', chunk) });
  void channel.closed.then(() => giveUp(ended ?? new ConnectionLost(connection.address)));

  function send(
    script: Script,
    { limit, stopAtFailure = false, watched = stopAtFailure, heard }: SendOptions,
  ): Promise<Answer> {
    if (retired) return Promise.reject(new ConnectionLost(connection.address));
    return new Promise((resolve, reject) => {
      const nonce = newNonce();
      if (unsent === '') queueMicrotask(flush);
      const behind = frames.length > 0;
      unsent += encodeFrame(script, { nonce, stopAtFailure, behind, watched });
      const inShell = script.sections.some(section => section.inShell);
      const reader = readFrame(script, nonce, { behind, heard });
      frames.push({ reader, looks: !stopAtFailure, inShell, limit, resolve, reject });
      if (frames.length === 1) watch();
    });
  }
  function flush(): void {
    roundTrips += 1;
    void channel.write(unsent);
    unsent = '';
  }
  function take(stream: 'stdout' | 'stderr', chunk: Uint8Array): void {
    let rest = chunk;
    for (const { reader } of frames) {
      if (rest.length > 0 && !reader.ended(stream)) rest = reader.push(stream, rest);
    }
    // Bytes that were not asked for come from something a script left behind: this shell cannot be
    // trusted with another answer.
    retired ||= rest.length > 0;
    concludeAll();
  }
  function concludeAll(): void {
    // What is being stopped would take the next script with it.
    for (let [next] = frames; !stopping && next?.reader.done(); [next] = frames) {
      frames.shift();
      conclude(next);
    }
  }
  function conclude({ reader, resolve, reject, limit, looks }: Frame): void {
    clearTimeout(timer);
    if (late) reject(new TimedOut(limit));
    else if (looks && reader.answer()[notKept]) reject(new TooMuchOutput());
    else resolve(reader.answer());
    // What was sent behind a script that hung may hang as well: it goes with the shell.
    const hung = late && frames.length > 0;
    if (hung) void inSecondShell(connection, options, endShell(identity.pid)).catch(() => undefined);
    // What still prints here would count as an answer of the next script.
    if (hung || reader.stray() > 0 || reader.left() !== undefined) {
      giveUp(new Spoiled());
    } else {
      late = false;
      watch();
    }
  }
  /** The limit of a script begins when those before it are through. */
  function watch(): void {
    const [head] = frames;
    if (head) timer = setTimeout(() => void stop(head), milliseconds(head.limit));
    else wake();
  }
  async function stop(head: Frame): Promise<void> {
    late = true;
    stopping = true;
    await inSecondShell(connection, options, stopDescendants(identity.pid, 5)).catch(() => undefined);
    stopping = false;
    concludeAll();
    if (frames[0] !== head) return;
    timer = setTimeout(() => void (head.inShell ? end(head) : tellStuck(head)), head.inShell ? 1_000 : 10_000);
  }
  /** What runs in the shell itself ends with it. */
  async function end(head: Frame): Promise<void> {
    ended = new TimedOut(head.limit);
    await inSecondShell(connection, options, endShell(identity.pid)).catch(() => undefined);
    if (frames[0] === head) giveUp(ended);
  }
  async function tellStuck(head: Frame): Promise<void> {
    const error = await stuck(connection, options, identity.pid, head.limit);
    if (frames[0] === head) giveUp(error);
  }
  /** The shell gets no other script; what is underway in it fails. */
  function giveUp(error: Error): void {
    clearTimeout(timer);
    retired = true;
    for (const [at, { reject }] of frames.splice(0).entries()) reject(at === 0 ? error : new Spoiled());
    wake();
  }
  function wake(): void {
    for (const go of waiting.splice(0)) go();
  }
  async function idle(): Promise<void> {
    if (frames.length > 0) await new Promise<void>(go => waiting.push(go));
  }
  const state = () => (retired ? 'retired' : late ? 'stopping' : 'open');
  function close(): void {
    giveUp(new ConnectionLost(connection.address));
    channel.destroy();
  }
  return { send, idle, state, roundTrips: () => roundTrips, close };
}

/** Runs a script in a second shell of the same privilege, on the same link. */
async function inSecondShell(connection: Connection, options: LoginOptions, script: Script): Promise<Answer> {
  const exchange = createExchange(connection, options, await login(connection, options));
  // Its own limit would have it ask for another shell: a host that answers none would be asked for
  // ever.
  const late = setTimeout(() => exchange.close(), 20_000);
  try {
    return await exchange.send(script, { limit: 86_400 });
  } finally {
    clearTimeout(late);
    exchange.close();
  }
}

async function stuck(connection: Connection, options: LoginOptions, pid: number, limit: number): Promise<Error> {
  const answer = await inSecondShell(connection, options, listDescendants(pid)).catch(() => undefined);
  const left = answer?.left?.stdout.trim() || 'nothing could be learnt of it';
  return new HostwrightError('script.stuck', `It did not end within ${limit} s and cannot be stopped: ${left}`, {
    hint: 'A process in state D waits for a device: look at multipath, NFS mounts and the kernel log.',
  });
}
