import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Progress } from './progress.ts';

/** The exit code of a `flock` that waited for too long: not one that it has by itself. */
const gaveUp = 75;

/**
 * How long a lock is waited for, in milliseconds, and what for: a lock is never waited for without
 * a word.
 */
export type Wait = { limit: number; onWait: () => void };

/** A wait that shows as a step when it takes more than a moment. */
export function lockWait(what: string, limit: number, progress: Progress): Wait {
  return { limit, onWait: () => progress.step(`wait for ${what}`) };
}

/**
 * Holds a lock file while the work runs. The kernel's lock, held by a `flock` whose input is a pipe
 * from this process: it is gone when this process is, however that ends, so a lock is never stale.
 * Rejects when somebody else still holds it at the limit.
 */
export async function withLock<T>(file: string, wait: Wait, work: () => Promise<T>): Promise<T> {
  const patience = ['--timeout', String(Math.ceil(wait.limit / 1000)), '--conflict-exit-code', String(gaveUp)];
  const holder = spawn('flock', [...patience, file, 'sh', '-c', 'echo held; cat >&2'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const failed = once(holder, 'error').then(([error]) => {
    throw error;
  });
  const closed = once(holder, 'close'); // asked for now: after Ctrl-C it has closed before the work ends
  closed.catch(() => {});
  const refused = closed.then(([code]) => {
    const seconds = Math.round(wait.limit / 1000);
    const why = code === gaveUp ? `another program has held it for ${seconds} s` : `flock ended with ${code}`;
    throw new Error(`The lock ${file} could not be taken: ${why}`);
  });
  refused.catch(() => {}); // it also closes when the work is done
  const waiting = setTimeout(wait.onWait, 1000);
  try {
    await Promise.race([once(holder.stdout, 'data'), failed, refused]);
  } finally {
    clearTimeout(waiting);
  }
  try {
    return await work();
  } finally {
    holder.stdin.on('error', () => {});
    holder.stdin.end();
    await closed;
  }
}
