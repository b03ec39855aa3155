import { exitCodes } from '../errors.ts';

/** A terminal that is closed ends a run as Ctrl-C does. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const text =
  'Interrupted: tasks under way are finished, no others are started. Press Ctrl-C again to end the run at once.';

/** What Ctrl-C asks of a run. */
export interface Interrupt {
  /** Once: no host starts another task, and what is under way ends. */
  readonly signal: AbortSignal;
  /** Twice: settles; the run ends at once with the results that it has. */
  readonly cut: Promise<void>;
  readonly stop: () => void;
}

/**
 * Listens for Ctrl-C. The third one ends the process, whatever the run still writes.
 * @param tell says that the first one was heard
 */
export function onInterrupt(tell: (text: string) => void): Interrupt {
  const controller = new AbortController();
  let isCut = false;
  let cutNow: () => void = () => undefined;
  const cut = new Promise<void>(done => {
    cutNow = done;
  });
  function interrupted(): void {
    if (isCut) process.exit(exitCodes.interrupted);
    isCut = controller.signal.aborted;
    if (isCut) cutNow();
    else {
      controller.abort();
      tell(text);
    }
  }
  for (const signal of signals) process.on(signal, interrupted);
  function stop(): void {
    for (const signal of signals) process.off(signal, interrupted);
  }
  return { signal: controller.signal, cut, stop };
}
