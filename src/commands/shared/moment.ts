import { InvalidArgumentError } from 'commander';

const day = 24 * 3600 * 1000;
const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: day, w: 7 * day };

/** A time as `90m`, `24h` or `3d`, in milliseconds. @throws InvalidArgumentError */
export function durationOf(text: string): number {
  const time = timeIn(text);
  if (time !== undefined) return time;
  throw new InvalidArgumentError('It must be a time such as 90m, 24h or 3d.');
}

function timeIn(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+)([mhdw])$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * (units[unit] ?? 0);
}

/**
 * Reads a point in time, as milliseconds since 1970: an ISO date, with or without a time, in the
 * time zone of this machine unless it names one; or how long ago, as `3d` or `12h`.
 * @throws InvalidArgumentError
 */
export function momentOf(text: string): number {
  const ago = timeIn(text);
  if (ago !== undefined) return Date.now() - ago;
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(isDay(text) ? `${text}T00:00` : text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new InvalidArgumentError('It must be a date, as 2026-05-31 or 2026-05-31T14:00, or how long ago: 3d, 12h.');
}

/** The same for an end: a day is meant to its end. */
export function endOf(text: string): number {
  if (!isDay(text)) return momentOf(text);
  const next = new Date(momentOf(text));
  next.setDate(next.getDate() + 1);
  return next.getTime();
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}
