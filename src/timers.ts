/**
 * The longest time that a timer of Node takes, in milliseconds; with a longer one it fires at once.
 */
const longest = 2 ** 31 - 1;

/** Seconds as milliseconds for a timer; what is longer than 24 days becomes 24 days. */
export function milliseconds(seconds: number): number {
  return Math.min(seconds * 1000, longest);
}

/**
 * Seconds since a moment, to the millisecond.
 * @param moment of `performance.now()`, which goes on whatever the clock of the machine is set to
 */
export function secondsSince(moment: number): number {
  return Math.round(performance.now() - moment) / 1000;
}
