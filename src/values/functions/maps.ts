import { parse, stringify } from 'yaml';
import type { ValueFunction } from './function.ts';

type Plain = Readonly<Record<string, unknown>>;
const map = { name: 'map', type: 'map' } as const;
const value = { name: 'value', type: 'dyn' } as const;
const text = { name: 'text', type: 'string' } as const;

/** Functions on maps, and on data as text. */
export const mapFunctions: readonly ValueFunction[] = [
  {
    name: 'keys',
    summary: 'The names of a map, as a list.',
    params: [map],
    returns: 'list',
    example: { args: [{ a: 1, b: 2 }], gives: ['a', 'b'] },
    call: (given: Plain) => Object.keys(given),
  },
  {
    name: 'values',
    summary: 'The values of a map, as a list.',
    params: [map],
    returns: 'list',
    example: { args: [{ a: 1, b: 2 }], gives: [1, 2] },
    call: (given: Plain) => Object.values(given),
  },
  {
    name: 'items',
    summary: 'A map as a list of key and value.',
    params: [map],
    returns: 'list',
    example: { args: [{ a: 1 }], gives: [{ key: 'a', value: 1 }] },
    call: (given: Plain) => Object.entries(given).map(([key, item]) => ({ key, value: item })),
  },
  {
    name: 'sort_keys',
    summary: 'The value with the names of its maps in order, at any depth.',
    params: [value],
    returns: 'dyn',
    example: { args: [{ b: 1, a: 2 }], gives: { a: 2, b: 1 } },
    call: sortKeys,
  },
  {
    name: 'from_items',
    summary: 'A map from a list of key and value.',
    params: [{ name: 'list', type: 'list' }],
    returns: 'map',
    example: { args: [[{ key: 'a', value: 1 }]], gives: { a: 1 } },
    call: (given: readonly { key: unknown; value: unknown }[]) =>
      Object.fromEntries(given.map(({ key, value: item }) => [String(key), item])),
  },
  {
    name: 'merge',
    summary: 'Two maps as one; the second wins, and maps in both are merged in turn, but not with false.',
    params: [map, { name: 'other', type: 'map' }, { name: 'deep', type: 'bool', optional: true }],
    returns: 'map',
    example: { args: [{ a: { x: 1 }, b: 1 }, { a: { y: 2 } }], gives: { a: { x: 1, y: 2 }, b: 1 } },
    call: (a: Plain, b: Plain, deep: boolean | undefined) => (deep === false ? { ...a, ...b } : merge(a, b)),
  },
  {
    name: 'json',
    summary: 'The value as JSON text: in one line, or each part in a line that is indented by so many blanks.',
    params: [value, { name: 'indent', type: 'int', optional: true }],
    returns: 'string',
    example: { args: [{ a: [1, 'x'] }], gives: '{"a":[1,"x"]}' },
    call: (given: unknown, indent: number | undefined) => JSON.stringify(given, null, indent),
  },
  {
    name: 'yaml',
    summary: 'The value as YAML text.',
    params: [value],
    returns: 'string',
    example: { args: [{ a: [1, 'x'] }], gives: 'a:\n  - 1\n  - x\n' },
    call: (given: unknown) => stringify(given),
  },
  {
    name: 'from_json',
    summary: 'The value that is written as JSON.',
    params: [text],
    returns: 'dyn',
    example: { args: ['{"a": [1]}'], gives: { a: [1] } },
    call: (given: string) => fromJson(given),
  },
  {
    name: 'from_yaml',
    summary: 'The value that is written as YAML.',
    params: [text],
    returns: 'dyn',
    example: { args: ['a: [1]'], gives: { a: [1] } },
    // The parser would warn of an unknown tag on stderr, and show the line, which may be secret.
    call: (given: string) => parse(given, { logLevel: 'error', prettyErrors: false }),
  },
];

/** The text may be a secret: an error names only the place of what is wrong. */
function fromJson(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch (error) {
    const place = /at position \d+/.exec(String(error))?.[0];
    throw new Error(`the text is not valid JSON${place === undefined ? '' : ` ${place}`}`);
  }
}

function merge(a: Plain, b: Plain): Plain {
  const merged = Object.entries(b).map(([key, item]) => {
    const before = Object.hasOwn(a, key) ? a[key] : undefined;
    return [key, isPlain(before) && isPlain(item) ? merge(before, item) : item];
  });
  return { ...a, ...Object.fromEntries(merged) };
}

function sortKeys(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(sortKeys);
  if (!isPlain(given)) return given;
  const names = Object.keys(given).toSorted();
  return Object.fromEntries(names.map(name => [name, sortKeys(given[name])]));
}

function isPlain(item: unknown): item is Plain {
  return typeof item === 'object' && item !== null && !Array.isArray(item);
}
