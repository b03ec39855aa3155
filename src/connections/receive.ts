import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { HostwrightError } from '../errors.ts';
import { sh } from '../shell/quote.ts';
import type { Connection } from './connection.ts';
import { ConnectionLost } from './errors.ts';
import { type LoginOptions, login, newNonce } from './login.ts';

/**
 * Brings the bytes of a host's file into a new file of mode 0600 on the controller, over a channel of its own: no sftp, which cannot become another
 * user. The host is read no faster than the controller writes.
 * @returns the sha256 of what came, in hex.
 * @throws HostwrightError `get.failed` with what the host said; ConnectionLost; what the file system of the controller says.
 */
export async function receive(
  connection: Connection,
  options: LoginOptions,
  from: string,
  to: string,
): Promise<string> {
  const file = await open(to, 'wx', 0o600);
  try {
    const { channel } = await login(connection, options);
    const [start, end] = [newNonce(), newNonce()];
    const content = between(start, end);
    const hash = createHash('sha256');
    const broken = Promise.withResolvers<never>();
    broken.promise.catch(() => undefined);
    let stderr = '';
    let turn = Promise.resolve();
    channel.listen({
      stdout: chunk => {
        const bytes = content.push(chunk);
        hash.update(bytes);
        turn = turn.then(() => file.appendFile(bytes)).catch(broken.reject);
        return turn;
      },
      stderr: chunk => {
        stderr = (stderr + chunk.toString()).slice(-4000);
      },
    });
    try {
      await channel.write(`printf ${start}; ${sh`cat <${from}`.text} && printf ${end}; exit\n`);
      const { code } = await Promise.race([channel.closed, broken.promise]);
      await Promise.race([turn, broken.promise]);
      if (code === undefined) throw new ConnectionLost(connection.address);
      if (code !== 0 || !content.complete()) {
        throw new HostwrightError(
          'get.failed',
          `${from} on ${connection.address} could not be read: ${stderr.trim()}`,
          {
            hint: 'Become a user who may read it (become: true), and look whether it is still there.',
          },
        );
      }
    } finally {
      channel.destroy();
    }
    await file.sync();
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}

/** What stands between two marks in a stream that is cut anywhere. The end may be any bytes of the file until the stream is over. */
function between(start: string, end: string) {
  let rest: Buffer = Buffer.alloc(0);
  let started = false;
  function push(chunk: Buffer): Buffer {
    rest = Buffer.concat([rest, chunk]);
    const at = started ? 0 : rest.indexOf(start);
    if (at < 0) return Buffer.alloc(0);
    if (!started) rest = rest.subarray(at + start.length);
    started = true;
    const whole = Math.max(0, rest.length - end.length);
    const bytes = rest.subarray(0, whole);
    rest = rest.subarray(whole);
    return bytes;
  }
  return { push, complete: () => started && rest.toString('latin1') === end };
}
