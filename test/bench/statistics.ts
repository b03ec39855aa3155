/** The middle of the values; of an even number of them, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('there is no median of nothing');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** How many times as long as the other the first takes, by medians. */
export function ratio(values: readonly number[], others: readonly number[]): number {
  return median(values) / median(others);
}

/**
 * The median with the least and the greatest: `0.72 s (0.70 to 0.81)`; a single value stands alone.
 */
export function spread(seconds: readonly number[]): string {
  const text = `${digits(median(seconds))} s`;
  if (seconds.length === 1) return `${text} (once)`;
  return `${text} (${digits(Math.min(...seconds))} to ${digits(Math.max(...seconds))})`;
}

/** A number as people read it: three digits that count, no more than three behind the point. */
export function digits(value: number): string {
  const magnitude = Math.abs(value);
  return value.toFixed(magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : 3);
}
