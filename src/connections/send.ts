import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { HostwrightError } from '../errors.ts';
import { definitions } from '../shell/functions/definitions.ts';
import { raw, type ShellText, sh } from '../shell/quote.ts';
import type { Connection } from './connection.ts';
import { ConnectionLost } from './errors.ts';
import { type LoginOptions, login, newNonce } from './login.ts';
import { longestSilence, timeLimits } from './time-limits.ts';

/**
 * Where bytes go: a path, in a directory that only we may write; or a file in a directory that is
 * made for it, which only we can
 * enter, and whose name cannot be guessed.
 */
export type Target = { readonly to: string } | { readonly near: string; readonly key: string };

/** Where bytes come from: a file of the controller, or memory. */
export type Source = { readonly path: string } | { readonly bytes: Uint8Array };

/** A file that goes to a host. */
export interface Sending {
  readonly target: Target;
  readonly source: Source;
  /**
   * Seconds for all of it; absent: as long as the host takes something, and an hour to close the
   * file.
   */
  readonly seconds?: number | undefined;
}

/** The path of the file that is sent. */
export function pathOf(target: Target): string {
  return 'to' in target ? target.to : `${target.near}/.hostwright.${target.key}/${target.key}`;
}

function openTarget(target: Target): { readonly prepare: ShellText; readonly file: string } {
  if ('to' in target) return { prepare: sh`rm -f -- ${target.to}`, file: target.to };
  const prepare = sh`hw_cd ${target.near}; hw_stale; hw_alone ${`./.hostwright.${target.key}`}; hw_sure`;
  return { prepare: raw(definitions([prepare.text]) + prepare.text), file: `./${target.key}` };
}

/**
 * Sends bytes into a file of mode 0600 over a channel of its own: no sftp, which cannot become
 * another user.
 * @returns the sha256 of what was sent, in hex.
 * @throws HostwrightError `put.failed` with what the host said; `put.timeout`; ConnectionLost
 */
export async function send(
  connection: Connection,
  options: LoginOptions,
  { target, source, seconds }: Sending,
): Promise<string> {
  const { prepare, file } = openTarget(target);
  const { channel } = await login(connection, options);
  const ready = newNonce();
  const said = { stdout: '', stderr: '' };
  let wake: () => void = () => undefined;
  const open = new Promise<void>(done => {
    wake = done;
  });
  channel.listen({
    stdout: chunk => {
      said.stdout = (said.stdout + chunk.toString('latin1')).slice(-4000);
      if (said.stdout.includes(ready)) wake();
    },
    stderr: chunk => {
      said.stderr = (said.stderr + chunk.toString()).slice(-4000);
    },
  });
  const hash = createHash('sha256');
  const limits = timeLimits(seconds, what => tooLong(pathOf(target), connection.address, what));
  try {
    // The shell may read ahead, so no byte of the file is sent before "cat" stands.
    await limits.within(
      channel.write(`umask 077; set -C\n${prepare.text}\nprintf ${ready}; ${sh`exec cat >${file}`.text}\n`),
    );
    await limits.within(Promise.race([open, channel.closed]));
    for await (const chunk of 'path' in source ? createReadStream(source.path) : [source.bytes]) {
      hash.update(chunk);
      await limits.within(channel.write(chunk));
    }
    channel.end();
    limits.progress(seconds ?? longestSilence);
    const { code } = await limits.within(channel.closed);
    if (code === undefined) throw new ConnectionLost(connection.address);
    if (code !== 0) {
      throw new HostwrightError(
        'put.failed',
        `${pathOf(target)} on ${connection.address} could not be written: ${said.stderr.trim()}`,
        {
          hint: 'Look at the directory, its permissions and the free space.',
        },
      );
    }
    return hash.digest('hex');
  } finally {
    limits.stop();
    channel.destroy();
  }
}

function tooLong(path: string, address: string, what: string): HostwrightError {
  return new HostwrightError('put.timeout', `${path} is not on ${address}: ${what}.`, {
    hint: 'Look whether its disk still answers. If that is the time it takes, give the task a longer timeout.',
  });
}
