import { exitCodes } from '../errors.ts';

/** Ctrl-C once: no host starts another task, and what is under way ends. Twice: the process ends at once. */
export function onInterrupt(): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  function interrupted(): void {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    process.stderr.write('\nInterrupted: tasks under way are finished, no others are begun. Once more ends at once.\n');
    controller.abort();
  }
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', interrupted);
  function stop(): void {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
  }
  return { signal: controller.signal, stop };
}
