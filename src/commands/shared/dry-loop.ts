/**
 * Whether nothing is left that could go on: no socket, no process, no timer, while somebody still
 * waits.
 */
export interface DryLoop {
  /** Settles once the event loop has run dry. */
  readonly dry: Promise<void>;
  readonly stop: () => void;
}

/**
 * Watches the event loop. Node would end the process with code 13, without a word of what was under
 * way.
 */
export function watchLoop(): DryLoop {
  let tell: () => void = () => undefined;
  const dry = new Promise<void>(done => {
    tell = done;
  });
  process.once('beforeExit', tell);
  return { dry, stop: () => process.off('beforeExit', tell) };
}
