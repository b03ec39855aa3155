import { exitCodes } from '../errors.ts';

/** A terminal that is closed ends a run as Ctrl-C does. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Ends the run as the first Ctrl-C does. */
  readonly abort: () => void;
  /** Ctrl-C ends the process again. */
  readonly stop: () => void;
}

/**
 * Milliseconds in which a second signal is the first one again: npx, and Hostwright's own start with an old Node, pass on
 * what a terminal, systemd or timeout has sent to the whole group of processes.
 */
const echo = 300;

/** Ctrl-C once: no host starts another task, and what is under way ends. Twice: the process ends at once. */
export function onInterrupt(): Interrupt {
  const controller = new AbortController();
  let first = 0;
  function interrupted(): void {
    if (controller.signal.aborted) {
      if (Date.now() - first < echo) return;
      process.exit(exitCodes.interrupted);
    }
    first = Date.now();
    process.stderr.write('\nInterrupted: tasks under way are finished, no others are begun. Once more ends at once.\n');
    controller.abort();
  }
  for (const signal of signals) process.on(signal, interrupted);
  function stop(): void {
    for (const signal of signals) process.off(signal, interrupted);
  }
  return { signal: controller.signal, abort: () => controller.abort(), stop };
}
