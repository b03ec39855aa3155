import assert from 'node:assert/strict';
import fc from 'fast-check';
import { join, quote, raw, sh } from '../../src/shell/quote.ts';
import { runShell, shells } from './shells.ts';

/** Words that have broken quoting somewhere, in addition to those that chance finds. */
const hard = [
  '',
  '-n',
  '--',
  '-e',
  '\\',
  "'",
  "''",
  '"',
  '$(id)',
  '`id`',
  '\n',
  ' \n ',
  '!x',
  '~',
  '*',
  '=ls',
  'a\\',
  'é',
  '😀',
];

const word = fc.oneof(
  fc.constantFrom(...hard),
  fc.string({ unit: 'binary', maxLength: 40 }).filter(text => !text.includes('\0') && text.isWellFormed()),
  fc.string({
    unit: fc.constantFrom("'", '"', '\\', '$', '`', '\n', '\r', ' ', '!', 'a', '-', '*', '{', '#'),
    maxLength: 20,
  }),
);

describe('quote', () => {
  for (const { name, argv } of shells) {
    it(`gives any word back through ${name}, as one word`, () => {
      fc.assert(
        fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), words => {
          const { stdout } = runShell(argv, `printf '%s\\0' ${words.map(quote).join(' ')}\n`);
          assert.deepEqual(stdout.toString(), words.map(text => `${text}\0`).join(''));
        }),
        { numRuns: 40 },
      );
    });

    it(`survives being quoted twice in ${name}, as a section of a frame is`, () => {
      fc.assert(
        fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), words => {
          const inner = `printf '%s\\0' ${words.map(quote).join(' ')}`;
          const { stdout } = runShell(argv, `( eval ${quote(inner)} ) </dev/null\n`);
          assert.deepEqual(stdout.toString(), words.map(text => `${text}\0`).join(''));
        }),
        { numRuns: 20 },
      );
    });
  }

  it('leaves a word of harmless characters as it is', () => {
    for (const text of ['vgcreate', '/dev/disk/by-id/x-1', 'a=b', '10.0.0.7:22', 'x@y,z+%_'])
      assert.equal(quote(text), text);
  });

  it('quotes what zsh or a login shell would expand', () => {
    assert.equal(quote('=ls'), "'=ls'");
    assert.equal(quote('~root'), "'~root'");
    assert.equal(quote(''), "''");
  });

  it('refuses NUL, which no shell can carry', () => {
    for (const work of [() => quote('a\0b'), () => raw('a\0b'), () => sh`x ${'\0'}`]) {
      assert.throws(work, { code: 'shell.nul' });
    }
  });
});

describe('shell text', () => {
  it('quotes values, separates lists by blanks, and takes shell text as it is', () => {
    const { text } = sh`a ${'b c'} ${['d e', 'f', 7]} ${9n} ${raw('| g')}`;
    assert.equal(text, "a 'b c' 'd e' f 7 9 | g");
  });

  it('keeps an empty list from leaving a word behind', () => {
    assert.equal(sh`a ${[]} b`.text, 'a  b');
  });

  it('joins pieces and leaves out what does not apply', () => {
    assert.equal(join([sh`a`, undefined, false, sh`b`]).text, 'a\nb');
    assert.equal(join([sh`a`, sh`b`], ' && ').text, 'a && b');
  });
});
