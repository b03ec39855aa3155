import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Channel, ChannelEnd } from './connection.ts';
import { relay } from './relay.ts';

/**
 * Starts a program of this machine in a session of its own, and gives its streams as a channel.
 * `environment` is added to that of this process.
 * @throws Error of the system if it cannot be started
 */
export async function startChild(
  words: readonly [string, ...string[]],
  environment: NodeJS.ProcessEnv = {},
): Promise<Channel> {
  const [program, ...rest] = words;
  const child: ChildProcessWithoutNullStreams = spawn(program, rest, {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...environment },
  });
  await once(child, 'spawn');
  // That it has gone is told by `closed`; a write into its broken pipe says nothing more.
  child.stdin.on('error', () => undefined);
  const closed = once(child, 'close').then(
    ([code, signal]): ChannelEnd => (signal ? { signal: String(signal) } : { code: Number(code) }),
  );
  return {
    write: bytes => new Promise(done => child.stdin.write(bytes, () => done())),
    end: () => child.stdin.end(),
    listen: relay(child.stdout, child.stderr),
    closed,
    destroy: () => {
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      child.unref();
    },
  };
}
