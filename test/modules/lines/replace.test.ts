import assert from 'node:assert/strict';
import { editReplace } from '../../../src/modules/replace/edit-replace.ts';
import { type Args, args as schema } from '../../../src/modules/replace/schema.ts';
import { withDefaults } from '../arguments.ts';

type Row = [it: string, text: string, args: Partial<Args>, wanted: string];

const rows: Row[] = [
  ['replaces every match', 'a b a\na', { regexp: 'a', replace: 'c' }, 'c b c\nc'],
  ['removes without a replacement', 'a\n#x\nb\n', { regexp: '^#.*\\n' }, 'a\nb\n'],
  ['anchors at lines', 'a=1\nba=2\na=3\n', { regexp: '^a=\\d$', replace: 'A' }, 'A\nba=2\nA\n'],
  ['keeps CRLF', 'a=1\r\na=2\r\n', { regexp: '^a=.*$', replace: 'A' }, 'A\r\nA\r\n'],
  ['anchors at the text', 'a\na', { regexp: '\\Aa', replace: 'b' }, 'b\na'],
  ['takes an escaped backslash before an A as it is', '\\A A', { regexp: '\\\\A', replace: 'b' }, 'b A'],
  ['ends at the end of the text', 'a\na', { regexp: 'a\\Z', replace: 'b' }, 'a\nb'],
  ['fills in what was caught', 'k: v', { regexp: '(?P<k>\\w): (v)', replace: '\\2=\\g<k>\\g<1>' }, 'v=kk'],
  ['fills in nothing for a group that took no part', 'ac', { regexp: 'a(b)?c', replace: '[\\1]' }, '[]'],
  ['knows newline, tab and backslash', 'a', { regexp: 'a', replace: '\\n\\t\\\\1' }, '\n\t\\1'],
  ['takes a dollar as it is', 'a', { regexp: 'a', replace: '$& $1' }, '$& $1'],
  ['ignores case where asked', 'Foo FOO', { regexp: '(?i)foo', replace: 'b' }, 'b b'],
  ['stays behind after', 'x\nS\nx\nx\n', { regexp: 'x', replace: 'y', after: '^S$' }, 'x\nS\ny\ny\n'],
  ['stays before before, the last', 'x\nE\nx\nE\nx\n', { regexp: 'x', replace: 'y', before: '^E$' }, 'y\nE\ny\nE\nx\n'],
  ['stays between both', 'x S x E x E x', { regexp: 'x', replace: 'y', after: 'S', before: 'E' }, 'x S y E x E x'],
  ['lets a dot match newlines in after', 'x\n1\n2\nx', { regexp: 'x', replace: 'y', after: '1.2' }, 'x\n1\n2\ny'],
  ['leaves all where after is missing', 'x E', { regexp: 'x', replace: 'y', after: 'S', before: 'E' }, 'x E'],
  ['leaves all where before is missing', 'x S x', { regexp: 'x', replace: 'y', after: 'S', before: 'E' }, 'x S x'],
];

describe('a replacement in a text', () => {
  for (const [title, text, args, wanted] of rows) {
    it(title, () => {
      const full = withDefaults(schema, args);
      assert.equal(editReplace(text, full).text, wanted);
      assert.equal(editReplace(wanted, full).text, wanted, 'the second run differs');
    });
  }

  it('says which pattern left nothing to look at', () => {
    const args = withDefaults(schema, { regexp: 'a', replace: 'b', after: 'S', before: 'E' });
    assert.equal(editReplace('a', args).unmatched, 'after');
    assert.equal(editReplace('S a', args).unmatched, 'before');
  });
});
