import { HostwrightError } from '../errors.ts';
import type { ShellIdentity } from '../shell/prelude.ts';
import { sh } from '../shell/quote.ts';
import { type Answer, type Script, script } from '../shell/script.ts';
import type { Connection } from './connection.ts';
import { createExchange, type SendOptions } from './exchange.ts';
import { type LoginOptions, login } from './login.ts';
import { receive, type Wanted } from './receive.ts';
import { pathOf, type Source, send, type Target } from './send.ts';
import { longestSilence } from './time-limits.ts';

/** One live shell on a host, for one privilege: scripts go in, answers come back in their order. */
export interface Session {
  readonly address: string;
  /** Milliseconds from a small question to its answer, as seen when the connection was made. */
  readonly roundTrip: number;
  readonly identity: () => ShellIdentity;
  /** Times that something was sent. */
  readonly roundTrips: () => number;
  /**
   * Settles once all that was asked is answered, and there is a shell that takes the next script.
   */
  readonly ready: () => Promise<void>;
  /**
   * Runs a script once all that was asked before it is answered; one that depends on the shell is
   * made when it is sent.
   * @throws ConnectionLost if the link died before the answer was whole: what ran may go on.
   * @throws TimedOut if the limit passed; everything the script had started has been stopped.
   */
  readonly run: (script: Script | (() => Script), options: SendOptions) => Promise<Answer>;
  /**
   * Asks what only reads: it is sent at once, behind what is underway, and need not be answered
   * before the next is sent.
   * @throws as `run`; Spoiled if something before it made the shell unfit
   */
  readonly ask: (script: Script, options: SendOptions) => Promise<Answer>;
  /**
   * Streams a file or bytes to a new file of mode 0600 on the host, over a channel of its own with
   * the same privilege, and proves it by its hash.
   * @param seconds for all of it
   * @throws HostwrightError `put.*`; TimedOut
   */
  readonly put: (target: Target, source: Source, seconds?: number) => Promise<void>;
  /**
   * Streams a file of the host, of any size, to a new file of mode 0600 on the controller, over a
   * channel of its own with the same privilege; gives its sha256.
   * @throws HostwrightError `get.failed`, `get.size`, `get.timeout`
   */
  readonly get: (wanted: Wanted) => Promise<string>;
  readonly close: () => void;
}

interface Waiting {
  /** Nothing else may be underway when it begins. */
  readonly alone: boolean;
  readonly begin: () => void;
  readonly fail: (error: unknown) => void;
}

/** Opens a session: one channel on the connection, as another user where asked. */
export async function openSession(connection: Connection, options: LoginOptions): Promise<Session> {
  let shell = await login(connection, options);
  let exchange = createExchange(connection, options, shell);
  let earlierRoundTrips = 0;
  let beginning = false;
  const waiting: Waiting[] = [];

  async function reopen(): Promise<void> {
    exchange.close();
    shell = await login(connection, options);
    earlierRoundTrips += exchange.roundTrips();
    exchange = createExchange(connection, options, shell);
  }
  async function ready({ alone }: Waiting): Promise<void> {
    if (alone || exchange.state() !== 'open') await exchange.idle();
    if (exchange.state() === 'retired') await reopen();
  }
  async function beginAll(): Promise<void> {
    beginning = true;
    for (let next = waiting[0]; next; next = waiting[0]) {
      try {
        // Without an await what can go at once goes in one write.
        if (next.alone || exchange.state() !== 'open') await ready(next);
      } catch (error) {
        // No other of them would get a shell either.
        for (const each of waiting.splice(0)) each.fail(error);
        break;
      }
      waiting.shift();
      next.begin();
    }
    beginning = false;
  }
  function submit<T>(alone: boolean, begin: () => T | Promise<T>): Promise<T> {
    return new Promise((settle, fail) => {
      const now = async () => begin();
      waiting.push({ alone, begin: () => settle(now()), fail });
      if (!beginning) void beginAll();
    });
  }
  const run = (toRun: Script | (() => Script), sendOptions: SendOptions) =>
    submit(true, () => exchange.send(typeof toRun === 'function' ? toRun() : toRun, sendOptions));
  return {
    address: connection.address,
    roundTrip: connection.roundTrip,
    identity: () => shell.identity,
    roundTrips: () => earlierRoundTrips + exchange.roundTrips(),
    run,
    ready: () => submit(true, () => undefined),
    ask: (toAsk, sendOptions) => submit(false, () => exchange.send(toAsk, sendOptions)),
    put: async (target, source, seconds) => {
      const sha256 = await send(connection, options, { target, source, seconds });
      const to = pathOf(target);
      const check = script({ hash: sh`sha256sum -- ${to}` });
      const { hash } = await run(check, { limit: seconds ?? longestSilence });
      if (hash?.code !== 0 || hash.stdout.replace(/^\\/, '').slice(0, 64) !== sha256) {
        throw new HostwrightError('put.hash', `${to} on ${connection.address} is not what was sent.`, {
          hint: `Look whether its file system is full. ${hash?.stderr.trim() ?? ''}`,
        });
      }
    },
    get: wanted => receive(connection, options, wanted),
    close: () => exchange.close(),
  };
}
