import type { Readable } from 'node:stream';
import type { ChannelListener } from './connection.ts';

/**
 * Lets one listener after another hear the same two streams: the login, the become command, then
 * the frames. Bytes wait in the streams until there is a listener.
 */
export function relay(stdout: Readable, stderr: Readable): (listener: ChannelListener) => void {
  let current: ChannelListener | undefined;
  return listener => {
    const first = current === undefined;
    current = listener;
    if (!first) return;
    stdout.on('data', (chunk: Buffer) => {
      const taken = current?.stdout(chunk);
      if (!taken) return;
      stdout.pause();
      void taken.finally(() => stdout.resume());
    });
    stderr.on('data', (chunk: Buffer) => current?.stderr(chunk));
  };
}
