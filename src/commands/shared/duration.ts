import { InvalidArgumentError } from 'commander';

const units: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };

/** A time as `90m`, `24h` or `3d`, in milliseconds. @throws InvalidArgumentError */
export function durationOf(text: string): number {
  const [, number, unit = ''] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const seconds = units[unit];
  if (number === undefined || seconds === undefined) throw new InvalidArgumentError('Give it as 90m, 24h or 3d.');
  return Number(number) * seconds * 1000;
}
