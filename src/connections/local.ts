import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Channel, ChannelEnd, Connection } from './connection.ts';
import { relay } from './relay.ts';

/** This machine as a host: a shell is a child process. */
export function connectLocal(): Connection {
  const open = new Set<() => void>();
  async function start(command: string): Promise<Channel> {
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    await once(child, 'spawn');
    const destroy = () => {
      child.stdin.destroy();
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
    };
    open.add(destroy);
    // A shell that has gone is told by `closed`; a write into its broken pipe says nothing more.
    child.stdin.on('error', () => undefined);
    const closed = once(child, 'close').then(([code, signal]): ChannelEnd => {
      open.delete(destroy);
      return signal ? { signal: String(signal) } : { code: Number(code) };
    });
    return {
      write: bytes => new Promise(done => child.stdin.write(bytes, () => done())),
      end: () => child.stdin.end(),
      listen: relay(child.stdout, child.stderr),
      closed,
      destroy,
    };
  }
  return {
    address: 'this machine',
    roundTrip: 0,
    start,
    closed: new Promise(() => undefined),
    close: () => {
      for (const destroy of open) destroy();
    },
  };
}
