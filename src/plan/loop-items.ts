import { isMap } from '../language/source.ts';
import { ValueError } from '../values/errors.ts';

/** A list's items; a map's as `{key, value}`. */
export function loopItems(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (isMap(value)) return Object.entries(value).map(([key, item]) => ({ key, value: item }));
  if (value === null) return [];
  throw new ValueError('a loop needs a list or a map', { hint: 'For a single item write [item].' });
}
