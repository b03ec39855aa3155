import { stat } from 'node:fs/promises';
import { JournalFault } from './errors.ts';

/** How long a disk may take for what is asked of it, in seconds. */
export interface Patience {
  /** Then somebody is told. */
  readonly word: number;
  /** Then it is given up. */
  readonly limit: number;
}

/**
 * An NFS server that was started again lets no client write in its first 90 seconds, the grace time
 * of rpc.nfsd(8), and may take as long to start.
 */
export const usual: Patience = { word: 5, limit: 180 };

/** A disk has not answered within its limit. Who asks it for more waits as well. */
export class SilentDisk extends Error {
  constructor({ limit }: Patience) {
    super(`its disk has not answered for ${limit} s`);
    this.name = 'SilentDisk';
  }
}

/**
 * What a disk answers. A file system of a network waits for its server without a limit of its own.
 * Time in which this process did not run either, as on a machine that was paused, does not count.
 * @param onSlow told once, if it takes longer than a moment
 * @throws SilentDisk; the work goes on, for nothing can end it
 */
export async function answerOf<T>(work: Promise<T>, patience: Patience, onSlow: () => void): Promise<T> {
  const { word, limit } = patience;
  const silent = Promise.withResolvers<never>();
  let waited = 0;
  const clock = setInterval(() => {
    waited += word;
    if (waited === word) onSlow();
    if (waited >= limit) silent.reject(new SilentDisk(patience));
  }, word * 1000);
  try {
    return await Promise.race([work, silent.promise]);
  } finally {
    clearInterval(clock);
  }
}

/**
 * Asks the disk of a state folder for a sign of life, before anything has to wait for it that
 * cannot be ended.
 * @throws JournalFault
 */
export async function refuseSilent(state: string, patience = usual): Promise<void> {
  const tell = () => process.stderr.write(`${waitText(state, patience)}\n`);
  try {
    await answerOf(stat(state), patience, tell);
  } catch (error) {
    // Whether there is a folder is not asked here.
    if (error instanceof SilentDisk) throw new JournalFault(`The runs in ${state} cannot be reached`, error);
  }
}

/** That a folder's disk is waited for. */
export function waitText(folder: string, { limit }: Patience): string {
  return `Waiting for the disk of ${folder}, which does not answer, for up to ${limit} s.`;
}
