import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
/** All that people read: messages, help and comments are in src. */
const places = [
  ...['src', 'scripts', 'bin', 'test'].map(folder => `${folder}/**/*.{ts,js,sh}`),
  ...['docs', 'roles', 'playbooks', 'skeleton', 'test'].map(folder => `${folder}/**/*.{md,yml,yaml,hbs}`),
  '*.md',
];

/** Phrases that have to be read twice, and what to write. */
const refused: readonly (readonly [phrase: RegExp, instead: string])[] = [
  [/(?<!\bthere )\b(?:is|are) no (?!longer\b)/i, 'is not a, has no'],
  [/\bstands? (?:in|as|on)\b/i, 'is in, is'],
  [/\bstands? for (?:itself|themselves)\b/i, 'is itself, means itself'],
  [/\bneeds not\b/i, 'need not'],
  [/\b(?:is|are) no such\b/i, 'does not exist'],
  [/\bbesides?\b/i, 'next to, in addition to'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\banew\b/i, 'again'],
  [/\bshall\b/i, 'must, will'],
  // The user of that name, and names in examples, are none of it.
  [/\b(?!user)[a-z]+ nobody [a-z]+|\bNobody [a-z]/, 'no one, or what happens instead'],
  [/\bat the most\b/i, 'at most'],
  [/\bas ever\b/i, 'as always'],
];

describe('the words of the project', () => {
  const files = globSync(places, { cwd: root }).filter(file => !file.startsWith('test/words.'));

  it('are looked at', () => assert.ok(files.length > 900, `${files.length}`));

  for (const [phrase, instead] of refused) {
    it(`have no ${phrase.source}: ${instead}`, () => {
      const found = files.flatMap(file =>
        readFileSync(join(root, file), 'utf8')
          .split('\n')
          .flatMap((line, at) => (phrase.test(line) ? [`${file}:${at + 1}: ${line.trim().slice(0, 120)}`] : [])),
      );
      assert.deepEqual(found, []);
    });
  }
});
