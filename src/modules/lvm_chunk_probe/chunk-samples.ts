import { type Measured, measure, tell } from '../../host/fio/samples.ts';
import { formatSize } from '../../host/size.ts';

/** What stands before the runs of each size, with the size in bytes. */
export const chunkMark = '=== chunk';

/** One chunk size and what it came to. */
export interface ChunkSample extends Measured {
  /** Bytes. */
  readonly chunk: number;
}

/** The measurements of all sizes. @throws CannotTell */
export function readChunks(stdout: string): readonly ChunkSample[] {
  const parts = stdout.split(`${chunkMark} `).slice(1);
  return parts.flatMap(part => {
    const end = part.indexOf('\n');
    const { write } = measure(part.slice(end + 1));
    return write ? [{ chunk: Number(part.slice(0, end)), ...write }] : [];
  });
}

/** The smallest size within 95 % of the best bandwidth, and the words for it. */
export function chooseChunk(sizes: readonly ChunkSample[]): Readonly<Record<string, unknown>> {
  const best = Math.max(...sizes.map(({ bandwidth_mean }) => bandwidth_mean));
  const good = sizes.filter(({ bandwidth_mean }) => bandwidth_mean >= 0.95 * best).map(({ chunk }) => chunk);
  const chosen = Math.min(...good);
  const rows = sizes.map(size => `${formatSize(size.chunk)}: ${tell('write', size)}`);
  return { chosen, sizes, summary: [...rows, `smallest within 95 % of the best: ${formatSize(chosen)}`].join('; ') };
}
