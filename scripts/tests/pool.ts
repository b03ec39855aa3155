import { type Batch, longestFirst } from './batches.ts';
import type { Suite } from './suites.ts';

export type PoolOptions = {
  /** How many batches run at the same time. */
  readonly workers: number;
  /** What some suites wait for before their first batch: the machines of the lab. */
  readonly ready: ReadonlyMap<Suite, Promise<void>>;
  /** No batch begins any more once this is aborted. */
  readonly signal: AbortSignal;
};

/**
 * Runs batches at the same time, the longest first, and no more of a suite than it allows. Resolves
 * when all that began has ended.
 */
export async function runPool(
  batches: readonly Batch[],
  run: (batch: Batch) => Promise<void>,
  { ready, signal, workers }: PoolOptions,
): Promise<void> {
  const waiting = longestFirst(batches);
  const running: Suite[] = [];
  const notReady = new Set(ready.keys());
  let change = Promise.withResolvers<void>();

  function changed(): void {
    change.resolve();
    change = Promise.withResolvers();
  }
  function mayBegin({ suite }: Batch): boolean {
    return !notReady.has(suite) && running.filter(other => other === suite).length < suite.atOnce;
  }
  async function work(): Promise<void> {
    while (waiting.length > 0 && !signal.aborted) {
      const next = waiting.findIndex(mayBegin);
      const [batch] = next < 0 ? [] : waiting.splice(next, 1);
      if (!batch) {
        await change.promise;
        continue;
      }
      running.push(batch.suite);
      await run(batch);
      running.splice(running.indexOf(batch.suite), 1);
      changed();
    }
  }
  signal.addEventListener('abort', changed);
  for (const [suite, promise] of ready) {
    promise.then(() => {
      notReady.delete(suite);
      changed();
    });
  }
  await Promise.all(Array.from({ length: workers }, work));
}
