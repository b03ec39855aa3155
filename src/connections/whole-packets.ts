import type { Duplex } from 'node:stream';

/**
 * Lets all that is written in one go leave in one go. ssh2 writes a packet of AES-GCM in three parts, its length, its text and its tag: three calls of the
 * system, three packets of TCP without Nagle's delay, and three times that the host wakes up for one of SSH.
 */
export function writeWholePackets(socket: Duplex): void {
  const write = socket.write.bind(socket) as (...values: unknown[]) => boolean;
  let gathering = false;
  socket.write = (...values: unknown[]): boolean => {
    if (!gathering) {
      gathering = true;
      socket.cork();
      process.nextTick(() => {
        gathering = false;
        socket.uncork();
      });
    }
    return write(...values);
  };
}
