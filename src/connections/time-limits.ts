import { milliseconds } from '../timers.ts';

/** Seconds without progress after which a transfer is given up. */
const longestPause = 120;

/**
 * Seconds for a step of the host in which nothing moves: closing a large file on a slow disk, or
 * reading it again.
 */
export const longestSilence = 3600;

/** The time that a transfer may take: all of it, and from one step to the next. */
export interface TimeLimits {
  /** Waits for a step. @throws what `failed` makes of it, where that takes too long */
  readonly within: <T>(step: Promise<T>) => Promise<T>;
  /** Something came or went: the next pause begins. `longest`: the seconds it may last. */
  readonly progress: (longest?: number) => void;
  /** Ends the timers. */
  readonly stop: () => void;
}

/**
 * @param seconds for all of it; undefined where only a pause counts
 * @param failed the error, from what has happened
 */
export function timeLimits(seconds: number | undefined, failed: (what: string) => Error): TimeLimits {
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => undefined);
  const after = (time: number, what: string) => setTimeout(() => late.reject(failed(what)), milliseconds(time));
  const pauses = (longest = longestPause) => after(longest, `nothing moved for ${longest} s`);
  const whole = seconds === undefined ? undefined : after(seconds, `it took longer than ${seconds} s`);
  let pause = pauses();
  let stopped = false;
  function progress(longest?: number): void {
    if (stopped) return;
    clearTimeout(pause);
    pause = pauses(longest);
  }
  function stop(): void {
    stopped = true;
    clearTimeout(whole);
    clearTimeout(pause);
  }
  return {
    within: async step => {
      const came = await Promise.race([step, late.promise]);
      progress();
      return came;
    },
    progress,
    stop,
  };
}
