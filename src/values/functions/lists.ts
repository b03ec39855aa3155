import type { ValueFunction } from './function.ts';
import { sameKey } from './same.ts';

const list = { name: 'list', type: 'list' } as const;
const other = { name: 'other', type: 'list' } as const;

function unique(values: readonly unknown[]): readonly unknown[] {
  const keys = new Set<string>();
  return values.filter(value => {
    const { size } = keys;
    return keys.add(sameKey(value)).size > size;
  });
}

/** Order of values: numbers by value, all else as text. */
export function byNumberOrText(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [first, second] = [String(a), String(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function numbers(values: readonly unknown[]): readonly number[] {
  if (values.length > 0 && values.every(value => typeof value === 'number')) return values as readonly number[];
  throw new TypeError('"list" must be a list of numbers, with one at least');
}

/** Functions on lists. */
export const listFunctions: readonly ValueFunction[] = [
  {
    name: 'join',
    summary: 'The items of a list with a separator between them, a comma by default.',
    params: [list, { name: 'separator', type: 'string', optional: true }],
    returns: 'string',
    example: { args: [['a', 'b'], ', '], gives: 'a, b' },
    call: (values: readonly unknown[], separator: string | undefined) => values.map(String).join(separator ?? ','),
  },
  {
    name: 'first',
    summary: 'The first item of a list; null of an empty one.',
    params: [list],
    returns: 'dyn',
    example: { args: [['a', 'b']], gives: 'a' },
    call: (values: readonly unknown[]) => values[0] ?? null,
  },
  {
    name: 'last',
    summary: 'The last item of a list; null of an empty one.',
    params: [list],
    returns: 'dyn',
    example: { args: [['a', 'b']], gives: 'b' },
    call: (values: readonly unknown[]) => values.at(-1) ?? null,
  },
  {
    name: 'sort',
    summary: 'The items of a list in order: numbers by value, all else as text.',
    params: [list],
    returns: 'list',
    example: { args: [[10, 9, 1]], gives: [1, 9, 10] },
    call: (values: readonly unknown[]) => values.toSorted(byNumberOrText),
  },
  {
    name: 'reverse',
    summary: 'The items of a list from the last to the first.',
    params: [list],
    returns: 'list',
    example: { args: [[1, 2]], gives: [2, 1] },
    call: (values: readonly unknown[]) => values.toReversed(),
  },
  {
    name: 'unique',
    summary: 'The items of a list, each once, in order.',
    params: [list],
    returns: 'list',
    example: { args: [['b', 'a', 'b']], gives: ['b', 'a'] },
    call: unique,
  },
  {
    name: 'flatten',
    summary: 'The items of a list, with those of inner lists in their place, at any depth or at the first so many.',
    params: [list, { name: 'depth', type: 'int', optional: true }],
    returns: 'list',
    example: { args: [[1, [2, [3]]]], gives: [1, 2, 3] },
    call: (values: readonly unknown[], depth: number | undefined) => values.flat(depth ?? Number.POSITIVE_INFINITY),
  },
  {
    name: 'union',
    summary: 'The items that are in one list or the other, each once.',
    params: [list, other],
    returns: 'list',
    example: { args: [['a'], ['a', 'b']], gives: ['a', 'b'] },
    call: (a: readonly unknown[], b: readonly unknown[]) => unique([...a, ...b]),
  },
  {
    name: 'intersect',
    summary: 'The items that are in both lists, each once.',
    params: [list, other],
    returns: 'list',
    example: {
      args: [
        ['a', 'b'],
        ['b', 'c'],
      ],
      gives: ['b'],
    },
    call: (a: readonly unknown[], b: readonly unknown[]) => {
      const keys = new Set(b.map(sameKey));
      return unique(a.filter(value => keys.has(sameKey(value))));
    },
  },
  {
    name: 'difference',
    summary: 'The items of a list that are not in the other, each once.',
    params: [list, other],
    returns: 'list',
    example: { args: [['a', 'b'], ['b']], gives: ['a'] },
    call: (a: readonly unknown[], b: readonly unknown[]) => {
      const keys = new Set(b.map(sameKey));
      return unique(a.filter(value => !keys.has(sameKey(value))));
    },
  },
  {
    name: 'range',
    summary: 'The whole numbers from one up to another, which is left out.',
    params: [
      { name: 'from', type: 'int' },
      { name: 'to', type: 'int' },
    ],
    returns: 'list',
    example: { args: [1, 4], gives: [1, 2, 3] },
    call: (from: number, to: number) => {
      if (to - from > 100_000) throw new RangeError('a range has at most 100000 numbers');
      return Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
    },
  },
  {
    name: 'sum',
    summary: 'The sum of a list of numbers.',
    params: [list],
    returns: 'dyn',
    example: { args: [[1, 2, 3]], gives: 6 },
    call: (values: readonly unknown[]) => (values.length === 0 ? 0 : numbers(values).reduce((a, b) => a + b)),
  },
  {
    name: 'min',
    summary: 'The smallest of a list of numbers.',
    params: [list],
    returns: 'dyn',
    example: { args: [[3, 1, 2]], gives: 1 },
    call: (values: readonly unknown[]) => Math.min(...numbers(values)),
  },
  {
    name: 'max',
    summary: 'The largest of a list of numbers.',
    params: [list],
    returns: 'dyn',
    example: { args: [[3, 1, 2]], gives: 3 },
    call: (values: readonly unknown[]) => Math.max(...numbers(values)),
  },
];
