import type { Writable } from 'node:stream';

/**
 * Lets all that is written in one go leave in one go, where the stream can. ssh2 writes a packet in
 * up to three parts, with AES-GCM its length, its text and its tag: three calls of the system,
 * three packets of TCP without Nagle's delay, and three times that the host wakes up.
 */
export function writeWholePackets(stream: Writable): void {
  const write = stream.write.bind(stream) as (...values: unknown[]) => boolean;
  let gathering = false;
  stream.write = (...values: unknown[]): boolean => {
    if (!gathering) {
      gathering = true;
      stream.cork();
      process.nextTick(() => {
        gathering = false;
        stream.uncork();
      });
    }
    return write(...values);
  };
}
