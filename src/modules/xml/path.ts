/** A location path of XPath, as far as it is understood. */
export interface Path {
  readonly steps: readonly Step[];
}

export interface Step {
  /** Reached by `//`: at any depth. */
  readonly deep: boolean;
  readonly axis: 'child' | 'attribute' | 'text' | 'self' | 'parent';
  /** With its prefix; `*` is any. */
  readonly name: string;
  readonly predicates: readonly Condition[];
}

export type Condition =
  | { readonly kind: 'and'; readonly all: readonly Condition[] }
  | { readonly kind: 'or'; readonly all: readonly Condition[] }
  | { readonly kind: 'not'; readonly inner: Condition }
  | { readonly kind: 'position'; readonly at: number | 'last' }
  | { readonly kind: 'exists'; readonly path: Path }
  | { readonly kind: 'is' | 'differs' | 'contains' | 'starts'; readonly path: Path; readonly text: string };

interface Cursor {
  readonly tokens: readonly string[];
  at: number;
}

const pieces = new RegExp(
  [
    String.raw`\s*(\/\/|\/|\[|\]|\(|\)|@|\.\.|\.|!=|=|,|\*|`,
    String.raw`'[^']*'|"[^"]*"|\d+|`,
    String.raw`[\p{L}_][\p{L}\d_.-]*(?::(?:[\p{L}_][\p{L}\d_.-]*|\*))?)\s*`,
  ].join(''),
  'uy',
);

/**
 * Reads a location path: `/a/b`, `//b`, `*`, `@x`, `text()`, `.`, `..`, and predicates of
 * positions, paths, `=`, `!=`, `and`, `or`, `not()`, `contains()`, `starts-with()`.
 * @throws Error in words for people
 */
export function parsePath(source: string, prefixes: Readonly<Record<string, string>>): Path {
  const cursor = { tokens: split(source), at: 0 };
  const strange = cursor.tokens
    .map(token => /^[^'":]+(?=:)/.exec(token)?.[0])
    .find(one => one && !Object.hasOwn(prefixes, one));
  if (strange !== undefined) throw new Error(`has the prefix ${strange}, which namespaces does not name`);
  const deep = take(cursor, '//');
  if (!deep && !take(cursor, '/')) throw new Error('starts with / or //');
  const path = readPath(cursor, deep);
  if (cursor.at < cursor.tokens.length) throw unexpected(cursor);
  return path;
}

function split(source: string): readonly string[] {
  const found: string[] = [];
  pieces.lastIndex = 0;
  while (pieces.lastIndex < source.length) {
    const start = pieces.lastIndex;
    const match = pieces.exec(source);
    if (!match) throw new Error(`has ${JSON.stringify(source.slice(start, start + 20))}, which is not understood`);
    found.push(match[1] ?? '');
  }
  return found;
}

/** @param first whether the first step is at any depth */
function readPath(cursor: Cursor, first = false): Path {
  const steps = [readStep(cursor, first)];
  for (;;) {
    const deep = take(cursor, '//');
    if (!deep && !take(cursor, '/')) return { steps };
    steps.push(readStep(cursor, deep));
  }
}

function readStep(cursor: Cursor, deep: boolean): Step {
  if (take(cursor, '.')) return { deep, axis: 'self', name: '*', predicates: [] };
  if (take(cursor, '..')) return { deep, axis: 'parent', name: '*', predicates: [] };
  const attribute = take(cursor, '@');
  const name = next(cursor);
  if (!/^[*\p{L}_]/u.test(name)) throw unexpected({ ...cursor, at: cursor.at - 1 });
  if (attribute) return { deep, axis: 'attribute', name, predicates: [] };
  if (take(cursor, '(')) {
    if (name !== 'text' || !take(cursor, ')')) throw new Error(`has ${name}(…), which is not understood`);
    return { deep, axis: 'text', name, predicates: [] };
  }
  const predicates: Condition[] = [];
  while (take(cursor, '[')) {
    predicates.push(readCondition(cursor));
    expect(cursor, ']');
  }
  return { deep, axis: 'child', name, predicates };
}

function readCondition(cursor: Cursor): Condition {
  return readList(cursor, 'or', () => readList(cursor, 'and', () => readComparison(cursor)));
}

function readList(cursor: Cursor, kind: 'and' | 'or', read: () => Condition): Condition {
  const first = read();
  const others: Condition[] = [];
  while (take(cursor, kind)) others.push(read());
  return others.length === 0 ? first : { kind, all: [first, ...others] };
}

function readComparison(cursor: Cursor): Condition {
  const name = cursor.tokens[cursor.at] ?? '';
  if (/^\d+$/.test(name)) return { kind: 'position', at: Number(next(cursor)) };
  if (cursor.tokens[cursor.at + 1] === '(' && name !== 'text') return readCall(cursor);
  const path = readPath(cursor);
  if (take(cursor, '=')) return { kind: 'is', path, text: literal(cursor) };
  if (take(cursor, '!=')) return { kind: 'differs', path, text: literal(cursor) };
  return { kind: 'exists', path };
}

function readCall(cursor: Cursor): Condition {
  const name = next(cursor);
  expect(cursor, '(');
  if (name === 'last') {
    expect(cursor, ')');
    return { kind: 'position', at: 'last' };
  }
  if (name === 'not') {
    const inner = readCondition(cursor);
    expect(cursor, ')');
    return { kind: 'not', inner };
  }
  if (name !== 'contains' && name !== 'starts-with') throw new Error(`has ${name}(…), which is not understood`);
  const path = readPath(cursor);
  expect(cursor, ',');
  const text = literal(cursor);
  expect(cursor, ')');
  return { kind: name === 'contains' ? 'contains' : 'starts', path, text };
}

function literal(cursor: Cursor): string {
  const text = next(cursor);
  if (/^\d+$/.test(text)) return text;
  if (!/^['"]/.test(text)) throw new Error(`has ${text} where a text in quotes is needed`);
  return text.slice(1, -1);
}

function take(cursor: Cursor, wanted: string): boolean {
  if (cursor.tokens[cursor.at] !== wanted) return false;
  cursor.at += 1;
  return true;
}

function next(cursor: Cursor): string {
  const found = cursor.tokens[cursor.at];
  if (found === undefined) throw new Error('ends too early');
  cursor.at += 1;
  return found;
}

function expect(cursor: Cursor, wanted: string): void {
  if (!take(cursor, wanted)) throw unexpected(cursor);
}

function unexpected({ tokens: all, at }: Cursor): Error {
  return new Error(at < all.length ? `has ${all[at]} where it is not understood` : 'ends too early');
}
