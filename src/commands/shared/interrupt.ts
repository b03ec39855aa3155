import { exitCodes } from '../../errors.ts';
import { leave } from '../../leave.ts';

/** A terminal that is closed ends a run as Ctrl-C does. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const text =
  'Interrupted: tasks under way are finished, no others are started. Press Ctrl-C again to end the run at once.';

/**
 * Milliseconds in which another signal is the same one again: npx, and Hostwright's own start with
 * an old Node, pass on what a terminal, systemd or timeout has sent to the whole group of
 * processes.
 */
const echo = 300;

/** What Ctrl-C asks of a run. */
export interface Interrupt {
  /** Once: no host starts another task, and what is under way ends. */
  readonly signal: AbortSignal;
  /** Ends the run as the first Ctrl-C does. */
  readonly abort: () => void;
  /** Twice: settles; the run ends at once with the results that it has. */
  readonly cut: Promise<void>;
  /** Ctrl-C ends the process again. */
  readonly stop: () => void;
}

/**
 * Listens for Ctrl-C. The third one ends the process, whatever the run still writes.
 * @param tell says that the first one was heard
 */
export function onInterrupt(tell: (text: string) => void): Interrupt {
  const controller = new AbortController();
  const cut = Promise.withResolvers<void>();
  let times = 0;
  let last = Number.NEGATIVE_INFINITY;
  function interrupted(): void {
    if (performance.now() - last < echo) return;
    last = performance.now();
    times += 1;
    if (times > 2) void leave(exitCodes.interrupted);
    else if (times === 2) cut.resolve();
    else {
      controller.abort();
      tell(text);
    }
  }
  for (const signal of signals) process.on(signal, interrupted);
  function stop(): void {
    for (const signal of signals) process.off(signal, interrupted);
  }
  return { signal: controller.signal, abort: () => controller.abort(), cut: cut.promise, stop };
}
