import { type Seconds, secondsOf } from './seconds.ts';
import type { Suite } from './suites.ts';

/** Files of one suite that one process of mocha runs, one after the other. */
export type Batch = { readonly suite: Suite; readonly files: readonly string[]; readonly seconds: number };

/** Small files share a process up to so many seconds: each process takes one to start. */
const worthAProcess = 12;

/** The files of a suite in batches, the longest first. */
export function batchesOf(suite: Suite, files: readonly string[], seconds: Seconds): Batch[] {
  const batch = (some: readonly string[]): Batch => ({ suite, files: some, seconds: secondsOf(some, seconds) });
  if (suite.fileByFile) return longestFirst(files.map(file => batch([file])));
  const batches: Batch[] = [];
  let open: string[] = [];
  for (const file of files.toSorted((one, other) => secondsOf([other], seconds) - secondsOf([one], seconds))) {
    open.push(file);
    if (secondsOf(open, seconds) < worthAProcess) continue;
    batches.push(batch(open));
    open = [];
  }
  if (open.length > 0) batches.push(batch(open));
  return longestFirst(batches);
}

/** Begun last, a long one would run on alone. */
export function longestFirst(batches: readonly Batch[]): Batch[] {
  return batches.toSorted((one, other) => other.seconds - one.seconds);
}
