import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Holds a lock file while the work runs. The kernel's lock, held by a `flock` whose input is a pipe from this process: it
 * is gone when this process is, however that ends, so there is no stale lock to judge.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; cat >&2'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const failed = once(holder, 'error').then(([error]) => {
    throw error;
  });
  const closed = once(holder, 'close'); // asked for now: after Ctrl-C it has closed before the work ends
  closed.catch(() => {});
  await Promise.race([once(holder.stdout, 'data'), failed]);
  try {
    return await work();
  } finally {
    holder.stdin.on('error', () => {});
    holder.stdin.end();
    await closed;
  }
}
