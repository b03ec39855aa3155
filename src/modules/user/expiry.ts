/** The days since 1970 on which the account ends; -1 for never. */
export function daysOf(expires: number | string): number {
  const seconds = typeof expires === 'string' ? Date.parse(`${expires}T00:00:00Z`) / 1000 : expires;
  return seconds < 0 ? -1 : Math.floor(seconds / 86_400);
}

/** A day as usermod(8) takes it; '' for never. */
export function dateOf(days: number): string {
  return days < 0 ? '' : new Date(days * 86_400_000).toISOString().slice(0, 10);
}
