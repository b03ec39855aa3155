import assert from 'node:assert/strict';
import { editBlock } from '../../../src/modules/blockinfile/edit-block.ts';
import * as blockinfile from '../../../src/modules/blockinfile/schema.ts';
import { editLine, matchesAgain } from '../../../src/modules/lineinfile/edit-line.ts';
import * as lineinfile from '../../../src/modules/lineinfile/schema.ts';
import { withDefaults } from '../arguments.ts';

type LineRow = [it: string, text: string, args: Partial<lineinfile.Args>, wanted: string];

const lineRows: LineRow[] = [
  ['adds a line at the end', 'a\nb\n', { line: 'c' }, 'a\nb\nc\n'],
  ['keeps a line that is there', 'a\nb', { line: 'b' }, 'a\nb'],
  ['ends a last line that had no end', 'a', { line: 'b' }, 'a\nb\n'],
  ['starts an empty file', '', { line: 'a' }, 'a\n'],
  ['keeps CRLF', 'a\r\nb\r\n', { line: 'c' }, 'a\r\nb\r\nc\r\n'],
  ['replaces the last match', 'x=1\nx=2\ny\n', { line: 'x=3', regexp: '^x=' }, 'x=1\nx=3\ny\n'],
  ['replaces the first match', 'x=1\nx=2\n', { line: 'x=3', regexp: '^x=', firstmatch: true }, 'x=3\nx=2\n'],
  ['keeps the end of a replaced line', 'y\r\nx=1', { line: 'x=2', regexp: '^x=' }, 'y\r\nx=2'],
  ['adds once where nothing matches', 'y\nx 1\n', { line: 'x 1', regexp: '^x=' }, 'y\nx 1\n'],
  ['searches plain text', 'a.c\nabc\n', { line: 'q', search_string: 'a.c' }, 'q\nabc\n'],
  ['inserts after', 'a\nb\n', { line: 'n', insertafter: '^a' }, 'a\nn\nb\n'],
  ['inserts after the last', 'a\na\nb\n', { line: 'n', insertafter: '^a' }, 'a\na\nn\nb\n'],
  ['inserts before the first', 'b\na\na\n', { line: 'n', insertbefore: '^a', firstmatch: true }, 'b\nn\na\na\n'],
  ['inserts at the start', 'a\n', { line: 'n', insertbefore: 'BOF' }, 'n\na\n'],
  ['inserts at the end where the anchor is missing', 'a\n', { line: 'n', insertbefore: '^q' }, 'a\nn\n'],
  [
    'fills in references',
    'GRUB="quiet"\n',
    { line: '\\1"\\g<v> x"', regexp: '^(\\w+=)"(?P<v>.*)"$', backrefs: true },
    'GRUB="quiet x"\n',
  ],
  ['leaves a file without a match', 'a\n', { line: '\\1', regexp: '^(q)', backrefs: true }, 'a\n'],
  ['takes a dollar as it is', 'a\n', { line: '$& $1', regexp: '^a' }, '$& $1\n'],
  ['removes all that match', 'x1\na\nx2', { state: 'absent', regexp: '^x' }, 'a\n'],
  ['removes the very line', ' a\na\n', { state: 'absent', line: 'a' }, ' a\n'],
  ['ignores case where asked', 'Foo\n', { line: 'bar', regexp: '(?i)^foo' }, 'bar\n'],
];

describe('a line of a text', () => {
  it('is said to match again where each run would make it another', () => {
    const args = withDefaults(lineinfile.args, { backrefs: true, regexp: '^(GRUB=".*)"$', line: '\\1 x"' });
    assert.equal(matchesAgain('GRUB="quiet"\n', args), true);
    assert.equal(matchesAgain('GRUB="quiet"\n', { ...args, regexp: '^(GRUB="(?:(?! x").)*)"$' }), false);
    assert.equal(matchesAgain('OTHER="quiet"\n', args), false);
  });

  for (const [title, text, args, wanted] of lineRows) {
    it(title, () => {
      const full = withDefaults(lineinfile.args, args);
      assert.equal(editLine(text, full), wanted);
      if (!args.backrefs) assert.equal(editLine(wanted, full), wanted, 'the second run differs');
    });
  }
});

type BlockRow = [it: string, text: string, args: Partial<blockinfile.Args>, wanted: string | undefined];

const blockRows: BlockRow[] = [
  ['adds a block', 'a\n', { block: 'x\ny' }, 'a\n# BEGIN\nx\ny\n# END\n'],
  ['ends a last line that had no end', 'a', { block: 'x\n' }, 'a\n# BEGIN\nx\n# END\n'],
  ['replaces a block and nothing else', '1\n# BEGIN\nold\n# END\n2', { block: 'x\n\n' }, '1\n# BEGIN\nx\n\n# END\n2'],
  ['keeps a missing newline at the end', '# BEGIN\nx\n# END', { block: 'x' }, '# BEGIN\nx\n# END'],
  ['keeps CRLF', 'a\r\n', { block: 'x' }, 'a\r\n# BEGIN\r\nx\r\n# END\r\n'],
  ['removes a block', 'a\n# BEGIN\nx\n# END\nb\n', { state: 'absent', block: 'x' }, 'a\nb\n'],
  ['removes an empty block', 'a\n# BEGIN\n# END\n', {}, 'a\n'],
  ['inserts after', 'a\nb\n', { block: 'x', insertafter: '^a' }, 'a\n# BEGIN\nx\n# END\nb\n'],
  ['inserts at the start', 'a\n', { block: 'x', insertbefore: 'BOF' }, '# BEGIN\nx\n# END\na\n'],
  ['does not guess the end', 'a\n# BEGIN\nx\n', { block: 'x' }, undefined],
  ['does not guess the start', 'a\n# END\n', { block: 'x' }, undefined],
  ['does not choose between two', '# BEGIN\n# END\n# BEGIN\n# END\n', { block: 'x' }, undefined],
];

describe('a block of a text', () => {
  for (const [title, text, args, wanted] of blockRows) {
    it(title, () => {
      const full = withDefaults(blockinfile.args, { marker: '# {mark}', ...args });
      assert.equal(editBlock(text, full), wanted);
      if (wanted !== undefined) assert.equal(editBlock(wanted, full), wanted, 'the second run differs');
    });
  }
});
