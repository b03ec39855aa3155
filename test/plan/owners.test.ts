import assert from 'node:assert/strict';
import { collectProblems } from '../../src/language/problems.ts';
import { textPart } from '../../src/language/source.ts';
import { checkOwners } from '../../src/plan/check/owners.ts';

describe('the owner of an attribute', () => {
  const rows: readonly (readonly [string, string, number])[] = [
    ['git /x', 'git /x', 1],
    ['git /x', 'git /x/', 1],
    ['git //x/y', 'git /x//y/', 1],
    ['git /x', 'git /y', 0],
    ['git /', 'git /x', 0],
  ];
  for (const [one, other, expected] of rows) {
    it(`is ${expected === 1 ? 'one' : 'another'} for ${one} and ${other}`, () => {
      const problems = collectProblems();
      const part = textPart('site.yml', 'text');
      const owned = [one, other].map((subject, at) => ({ subject, attribute: 'version', value: String(at), part }));
      checkOwners(owned, 'h1', problems);
      assert.equal(problems.list().length, expected);
    });
  }
});
