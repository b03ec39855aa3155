import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { shells } from './converge.ts';
import { outcome, readTables } from './tables.ts';

for (const { module, name, rows } of readTables()) {
  describe(`module ${module.name}: ${name}`, () => {
    for (const row of rows) it(row.it, () => compare(outcome(module, row), row.expect));
  });
}

describe('the scripts of all tables', function () {
  this.timeout(40_000);
  const scripts = readTables().flatMap(({ module, rows }) => rows.flatMap(row => textsOf(outcome(module, row))));

  for (const [program, ...options] of shells) {
    it(`are valid for ${[program, ...options].join(' ')}`, () => {
      const text = scripts.map(script => `(\n${script}\n)\n`).join('');
      const { status, stderr } = spawnSync(program!, [...options, '-n'], { input: text });
      assert.equal(status, 0, stderr.toString());
    });
  }
});

function textsOf(result: Record<string, unknown>): string[] {
  const scripts = ['probe', 'rehearse', 'guard', 'apply', 'undo'].map(name => result[name] ?? {});
  return scripts.flatMap(script => Object.values(script) as string[]);
}

/** A text between slashes is a pattern; a script is compared by the sections that are named; everything else must be equal. */
function compare(actual: Record<string, unknown>, expected: Record<string, unknown>): void {
  assert.equal(actual.kind, expected.kind, `it is ${JSON.stringify(actual, null, 2)}`);
  for (const [key, value] of Object.entries(expected)) {
    if (typeof value === 'string' && /^\/.+\/$/s.test(value))
      assert.match(String(actual[key]), new RegExp(value.slice(1, -1)));
    else if (['probe', 'result'].includes(key)) assert.partialDeepStrictEqual(actual[key], value);
    else if (key === 'verify' && typeof value === 'object') assert.partialDeepStrictEqual(actual[key], value);
    else assert.deepEqual(trimmed(actual[key]), trimmed(value), key);
  }
}

/** YAML blocks end in a newline that scripts do not have. */
function trimmed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, text]) => [key, typeof text === 'string' ? text.replace(/\n$/, '') : text]),
  );
}
