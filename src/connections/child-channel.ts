import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Channel, ChannelEnd } from './connection.ts';
import { relay } from './relay.ts';

export interface ChildOptions {
  /** Added to the environment of this process. */
  readonly environment?: NodeJS.ProcessEnv;
  /**
   * Whether the program is terminated when its channel is given up. Otherwise it finds its stdin
   * closed.
   */
  readonly endsWithChannel?: boolean;
}

/** A program of this machine, and its streams. */
export interface ChildChannel extends Channel {
  readonly pid: number;
  /** Settles once the program has ended, even if others still hold its output. */
  readonly ended: Promise<void>;
}

/**
 * Starts a program of this machine in a session of its own, and gives its streams as a channel.
 * @throws Error of the system if it cannot be started
 */
export async function startChild(
  words: readonly [string, ...string[]],
  { environment = {}, endsWithChannel = false }: ChildOptions = {},
): Promise<ChildChannel> {
  const [program, ...rest] = words;
  const child: ChildProcessWithoutNullStreams = spawn(program, rest, {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...environment },
  });
  const ended = new Promise<void>(done => child.once('exit', () => done()));
  await once(child, 'spawn');
  // That it has gone is told by `closed`; a write into its broken pipe says nothing more.
  child.stdin.on('error', () => undefined);
  const closed = once(child, 'close').then(
    ([code, signal]): ChannelEnd => (signal ? { signal: String(signal) } : { code: Number(code) }),
  );
  return {
    pid: Number(child.pid),
    ended,
    write: bytes => new Promise(done => child.stdin.write(bytes, () => done())),
    end: () => child.stdin.end(),
    listen: relay(child.stdout, child.stderr),
    closed,
    destroy: () => {
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      if (endsWithChannel) child.kill();
      child.unref();
    },
  };
}
