/**
 * The longest time that a timer of Node takes, in milliseconds; with a longer one it fires at once.
 */
const longest = 2 ** 31 - 1;

/** Seconds as milliseconds for a timer; what is longer than 24 days becomes 24 days. */
export function milliseconds(seconds: number): number {
  return Math.min(seconds * 1000, longest);
}
