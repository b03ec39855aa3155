import { toPattern } from '../../host/lines/pattern.ts';
import { matchInTime } from '../../in-time.ts';
import type { Args } from './schema.ts';

/** The items of a list; a plain text is separated by commas, as in Ansible. */
export function itemsOf(list: string | readonly string[] | undefined): readonly string[] {
  if (list === undefined) return [];
  return (typeof list === 'string' ? list.split(',').map(item => item.trim()) : list).filter(item => item !== '');
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const sizes: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** A test for the seconds since a time: `2d` is two days or more, `-2d` two days or less. */
export function ageTest(age: string | undefined): (seconds: number) => boolean {
  return threshold(age, units, 's');
}

/** A test for a size in bytes: `10m` is 10 MiB or more, `-10m` 10 MiB or less. */
export function sizeTest(size: string | undefined): (bytes: number) => boolean {
  return threshold(size, sizes, 'b');
}

/**
 * A test for a name by JavaScript's patterns, which must match at its start. Globs are for the
 * host.
 */
export function nameTest({ patterns, excludes, use_regex }: Args): (name: string) => boolean {
  if (!use_regex) return () => true;
  const wanted = itemsOf(patterns).map(source => toPattern(source));
  const unwanted = itemsOf(excludes).map(source => toPattern(source));
  const matches = (name: string) => (pattern: RegExp) =>
    matchInTime([pattern.source], [name], () => pattern.exec(name)?.index === 0);
  return name => (wanted.length === 0 || wanted.some(matches(name))) && !unwanted.some(matches(name));
}

function threshold(
  text: string | undefined,
  factors: Readonly<Record<string, number>>,
  unit: string,
): (amount: number) => boolean {
  if (text === undefined) return () => true;
  const [, sign, digits, letter = unit] = /^(-?)(\d+)([a-z])?/.exec(text) ?? [];
  const limit = Number(digits) * Number(factors[letter]);
  return sign === '-' ? amount => amount <= limit : amount => amount >= limit;
}
