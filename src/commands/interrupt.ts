import { exitCodes } from '../errors.ts';

/** A terminal that is closed ends a run as Ctrl-C does. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Milliseconds in which a second signal is the first one again: npx, and Hostwright's own start with an old Node, pass on
 * what a terminal, systemd or timeout has sent to the whole group of processes.
 */
const echo = 300;

/** Ctrl-C once: no host starts another task, and what is under way ends. Twice: the process ends at once. */
export function onInterrupt(): { readonly signal: AbortSignal; readonly stop: () => void } {
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
  return { signal: controller.signal, stop };
}
