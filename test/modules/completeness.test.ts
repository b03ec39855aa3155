import assert from 'node:assert/strict';
import { outcome, readTables } from './tables.ts';

interface Seen {
  readonly title: string;
  readonly named: Readonly<Record<string, unknown>>;
  readonly actual: Readonly<Record<string, unknown>>;
}

/** What one row may leave out, but not all rows of a module that has it. */
const parts = ['guard', 'hazards', 'rehearse', 'undo', 'puts', 'fetches', 'creates', 'alters', 'removes', 'verify'];

/** The rows of every module, with what comes of them. */
const rowsOf = Map.groupBy(
  readTables().flatMap(({ module, rows }) =>
    rows.map(row => ({ name: module.name, title: row.it, named: row.expect, actual: outcome(module, row) })),
  ),
  ({ name }) => name,
);

describe('the rows of every module', () => {
  for (const [name, rows] of rowsOf) {
    it(`${name}: name each part of a change`, () => {
      assert.deepEqual(unnamed(rows.map(row => ({ ...row, actual: partsOf(row.actual) }))), {});
    });

    it(`${name}: name each limit that a script has of its own`, () => {
      const limits = rows.map(({ actual, named, title }) => ({
        title,
        actual: mapOf(actual.limits),
        named: mapOf(named.limits),
      }));
      assert.deepEqual(unnamed(limits), {});
    });
  }
});

/** The keys that some row has and no row names, each with a row that could name it. */
function unnamed(rows: readonly Seen[]): Record<string, string> {
  const named = new Set(rows.flatMap(row => Object.keys(row.named).filter(key => key in row.actual)));
  const having = rows.flatMap(({ actual, title }) =>
    Object.keys(actual).map(key => [key, `could be named by: ${title}`]),
  );
  return Object.fromEntries(having.toReversed().filter(([key]) => !named.has(key!)));
}

/** What is there of {@link parts}, but for what the engine does anyway. */
function partsOf(actual: Seen['actual']): Seen['actual'] {
  const found = parts.map(part => [part, actual[part]]);
  return Object.fromEntries(
    found.filter(([, value]) => !['', '[]', '{}', '"decide"'].includes(JSON.stringify(value) ?? '')),
  );
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
