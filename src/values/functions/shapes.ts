import type { ValueFunction } from './function.ts';
import { byNumberOrText } from './lists.ts';

type Plain = Readonly<Record<string, unknown>>;
const list = { name: 'list', type: 'list' } as const;
const other = { name: 'other', type: 'list' } as const;
const field = { name: 'field', type: 'string' } as const;

/** More items than this are a mistake, and take the memory of the controller. */
const most = 100_000;

/** Functions that give lists another shape. */
export const shapeFunctions: readonly ValueFunction[] = [
  {
    name: 'zip',
    summary: 'Pairs of the items at the same place of two lists, as many as the shorter one has.',
    params: [list, other],
    returns: 'list',
    example: {
      args: [
        ['a', 'b'],
        [1, 2, 3],
      ],
      gives: [
        ['a', 1],
        ['b', 2],
      ],
    },
    call: (a: readonly unknown[], b: readonly unknown[]) => a.slice(0, b.length).map((item, at) => [item, b[at]]),
  },
  {
    name: 'product',
    summary: 'Pairs of each item of a list with each of another.',
    params: [list, other],
    returns: 'list',
    example: {
      args: [['a', 'b'], [1]],
      gives: [
        ['a', 1],
        ['b', 1],
      ],
    },
    call: (a: readonly unknown[], b: readonly unknown[]) => {
      if (a.length * b.length > most) throw new RangeError(`a product has at most ${most} pairs`);
      return a.flatMap(item => b.map(second => [item, second]));
    },
  },
  {
    name: 'subelements',
    summary: 'Pairs of each map of a list with each item of the list in one of its fields.',
    params: [list, field],
    returns: 'list',
    example: { args: [[{ name: 'a', keys: [1] }], 'keys'], gives: [[{ name: 'a', keys: [1] }, 1]] },
    call: (maps: readonly unknown[], name: string) =>
      maps.flatMap(map => {
        const inner = fieldOf(map, name);
        if (!Array.isArray(inner)) throw new TypeError(`"${name}" is not a list in each item`);
        return inner.map((item: unknown) => [map, item]);
      }),
  },
  {
    name: 'slice',
    summary: 'The items of a list from one place up to another, which is left out; negative places count from its end.',
    params: [list, { name: 'from', type: 'int' }, { name: 'to', type: 'int', optional: true }],
    returns: 'list',
    example: { args: [[1, 2, 3, 4], 1, -1], gives: [2, 3] },
    call: (values: readonly unknown[], from: number, to: number | undefined) => values.slice(from, to),
  },
  {
    name: 'sort_by',
    summary: 'The maps of a list in the order of one of their fields: numbers by value, all else as text.',
    params: [list, field],
    returns: 'list',
    example: { args: [[{ n: 2 }, { n: 1 }], 'n'], gives: [{ n: 1 }, { n: 2 }] },
    call: (maps: readonly unknown[], name: string) =>
      maps.toSorted((a, b) => byNumberOrText(fieldOf(a, name), fieldOf(b, name))),
  },
];

function fieldOf(map: unknown, name: string): unknown {
  if (typeof map === 'object' && map !== null && Object.hasOwn(map, name)) return (map as Plain)[name];
  throw new TypeError(`an item has no "${name}"`);
}
