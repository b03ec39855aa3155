import assert from 'node:assert/strict';

type Map = Readonly<Record<string, unknown>>;

/**
 * A text between slashes is a pattern; an empty list or script is the same as none. Of `probe`,
 * `result` and `verify` only what is named is
 * compared, and everything else must be equal. The sections of a script are compared in order,
 * because they run in order.
 */
export function compare(actual: Map, expected: Map): void {
  assert.equal(actual.kind, expected.kind, `it is ${JSON.stringify(actual, null, 2)}`);
  for (const [key, value] of Object.entries(expected)) {
    if (typeof value === 'string' && /^\/.+\/$/s.test(value))
      assert.match(String(actual[key]), new RegExp(value.slice(1, -1)));
    else if (key === 'result' || (key === 'verify' && isMap(value))) assert.partialDeepStrictEqual(actual[key], value);
    else if (key === 'probe' && isMap(value)) assert.deepEqual(inOrder(only(value, actual.probe)), inOrder(value), key);
    else assert.deepEqual(inOrder(actual[key] ?? emptyOf(value)), inOrder(value), key);
  }
}

/**
 * A map as a list, so that its order counts. YAML blocks end in a newline that scripts do not have.
 */
export function inOrder(value: unknown): unknown {
  if (!isMap(value)) return value;
  return Object.entries(value).map(([key, text]) => [key, typeof text === 'string' ? text.replace(/\n$/, '') : text]);
}

function emptyOf(value: unknown): unknown {
  return Array.isArray(value) ? [] : isMap(value) ? {} : undefined;
}

/** The part of a map whose keys are named. */
function only(names: Map, value: unknown): unknown {
  return isMap(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => key in names)) : value;
}

function isMap(value: unknown): value is Map {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
