import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { HostwrightError } from '../errors.ts';
import { sh } from '../shell/quote.ts';
import type { Connection } from './connection.ts';
import { ConnectionLost } from './errors.ts';
import { type LoginOptions, login, newNonce } from './login.ts';
import { timeLimits } from './time-limits.ts';

/** A file of a host, and where it goes. */
export interface Wanted {
  readonly from: string;
  /** On the controller. */
  readonly to: string;
  /** Bytes that the file may have: a host could send without end. */
  readonly most: number;
  /** Seconds for all of it; absent: as long as something comes. */
  readonly seconds?: number | undefined;
}

/**
 * Brings the bytes of a host's file into a new file of mode 0600 on the controller, over a channel
 * of its own: no sftp, which cannot become another user. The host is read no faster than the
 * controller writes.
 * @returns the sha256 of what came, in hex.
 * @throws HostwrightError `get.failed` with what the host said; `get.size`, `get.timeout`;
 * ConnectionLost; what the file system of the controller says.
 */
export async function receive(
  connection: Connection,
  options: LoginOptions,
  { from, to, most, seconds }: Wanted,
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
    let came = 0;
    const limits = timeLimits(seconds, what => tooLong(from, connection.address, what));
    channel.listen({
      stdout: chunk => {
        limits.progress();
        const bytes = content.push(chunk);
        came += bytes.length;
        if (came > most) {
          broken.reject(tooMuch(from, connection.address, most));
          return undefined;
        }
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
      const { code } = await limits.within(Promise.race([channel.closed, broken.promise]));
      await limits.within(Promise.race([turn, broken.promise]));
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
      limits.stop();
      channel.destroy();
    }
    await file.sync();
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}

function tooMuch(from: string, address: string, most: number): HostwrightError {
  return new HostwrightError('get.size', `${address} sends more of ${from} than the ${most} bytes that it may have.`, {
    hint:
      'It grows while it is read, or the host sends what the file does not hold. Run again. ' +
      'If the file keeps growing, copy it on the host first, and fetch the copy.',
  });
}

function tooLong(from: string, address: string, what: string): HostwrightError {
  return new HostwrightError('get.timeout', `${from} of ${address} is not here: ${what}.`, {
    hint: 'If that is the time it takes, give the task a longer timeout.',
  });
}

/**
 * What stands between two marks in a stream that is cut anywhere. The end may be any bytes of the
 * file until the stream is over.
 */
function between(start: string, end: string) {
  let rest: Buffer = Buffer.alloc(0);
  let started = false;
  function push(chunk: Buffer): Buffer {
    rest = Buffer.concat([rest, chunk]);
    const at = started ? 0 : rest.indexOf(start);
    if (at < 0) {
      rest = rest.subarray(Math.max(0, rest.length - start.length));
      return Buffer.alloc(0);
    }
    if (!started) rest = rest.subarray(at + start.length);
    started = true;
    const whole = Math.max(0, rest.length - end.length);
    const bytes = rest.subarray(0, whole);
    rest = rest.subarray(whole);
    return bytes;
  }
  return { push, complete: () => started && rest.toString('latin1') === end };
}
