import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { Resource } from '../../src/shell/answer.ts';
import { compare } from './compare.ts';
import { shells } from './converge.ts';
import { outcome, readTables } from './tables.ts';

for (const { module, name, rows } of readTables()) {
  describe(`module ${module.name}: ${name}`, () => {
    for (const row of rows) {
      it(row.it, () => {
        const found = outcome(module, row);
        compare(found, row.expect);
        assert.deepEqual(madeAndThere(found), []);
      });
    }
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

/** What a change both makes and alters or removes: it is there already, or it is not. */
function madeAndThere({ alters, creates, removes }: Record<string, unknown>): Resource[] {
  const there = [alters, removes].flatMap(list => (list ?? []) as Resource[]);
  return ((creates ?? []) as Resource[]).filter(made =>
    there.some(({ kind, name }) => kind === made.kind && name === made.name),
  );
}

function textsOf(result: Record<string, unknown>): string[] {
  const scripts = ['probe', 'rehearse', 'guard', 'apply', 'undo'].map(name => result[name] ?? {});
  return scripts.flatMap(script => Object.values(script) as string[]);
}
