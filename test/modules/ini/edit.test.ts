import assert from 'node:assert/strict';
import { editIni, type IniArguments } from '../../../src/host/ini/edit.ts';

type Row = [it: string, text: string, args: Partial<IniArguments>, wanted: string];

const base = { section: 's', option: 'a', wanted: ['1'] } as const;

const rows: Row[] = [
  ['starts an empty file', '', {}, '[s]\na = 1\n'],
  ['adds a section at the end', '[t]\na = 2\n', {}, '[t]\na = 2\n\n[s]\na = 1\n'],
  ['adds a section behind a blank line', 'x\n\n', {}, 'x\n\n[s]\na = 1\n'],
  ['ends a last line that had no end', '[s]\nb = 2', {}, '[s]\nb = 2\na = 1\n'],
  ['changes the value and nothing else', '\t[s] ; x\n  a  =\t2 ; y\nb=1\n', {}, '\t[s] ; x\n  a  =\t1\nb=1\n'],
  ['keeps blanks where the value is right', '[s]\na=1  \n', {}, '[s]\na=1  \n'],
  ['owns the blanks where asked', '[s]\n a = 1\r\n', { no_extra_spaces: true }, '[s]\n a=1\r\n'],
  ['keeps CRLF', '[s]\r\nb = 2\r\n', {}, '[s]\r\nb = 2\r\na = 1\r\n'],
  ['stays in its section', '[r]\na = 2\n[s]\n[t]\na = 3\n', {}, '[r]\na = 2\n[s]\na = 1\n[t]\na = 3\n'],
  ['tells options by their whole name', '[s]\nab = 2\na.b = 3\n', {}, '[s]\nab = 2\na.b = 3\na = 1\n'],
  [
    'adds behind the last option, before what leads to the next section',
    '[s]\nb = 2\n; b can be 3\n\n# about t\n[t]\n',
    {},
    '[s]\nb = 2\na = 1\n; b can be 3\n\n# about t\n[t]\n',
  ],
  ['adds behind an example', '[s]\n#a = 9\n#b = 9\n', {}, '[s]\n#a = 9\na = 1\n#b = 9\n'],
  ['takes the place of an example', '[s]\n; a=9\nb = 2\n', { modify_inactive_option: true }, '[s]\na = 1\nb = 2\n'],
  ['takes no prose for an example', '[s]\n# a is a = 2\nb = 2\n', {}, '[s]\n# a is a = 2\nb = 2\na = 1\n'],
  ['has one line of an option', '[s]\na = 2\na = 3\nb = 2\n', {}, '[s]\na = 1\nb = 2\n'],
  ['keeps the line that is right', '[s]\na = 2\na = 1\na = 1\n', {}, '[s]\na = 1\n'],
  ['owns several values', '[s]\na = 3\nb = 2\n', { wanted: ['1', '2'] }, '[s]\na = 1\na = 2\nb = 2\n'],
  ['adds to other values', '[s]\na = 3\nb = 2\n', { exclusive: false }, '[s]\na = 3\na = 1\nb = 2\n'],
  ['adds no value twice', '[s]\na = 3\na = 1\n', { exclusive: false }, '[s]\na = 3\na = 1\n'],
  ['owns an option without a value', '[s]\na = 3\n', { wanted: [undefined] }, '[s]\na\n'],
  ['gives a value to an option that had none', '[s]\n a\n', {}, '[s]\n a = 1\n'],
  ['owns an empty value', '[s]\na = 3\n', { wanted: [''] }, '[s]\na = \n'],
  ['knows a section that is opened twice', '[s]\nb = 2\n[t]\n[s]\na = 3\n', {}, '[s]\nb = 2\n[t]\n[s]\na = 1\n'],
  ['knows names with brackets in them', '[x "a]b"]\na = 3\n', { section: 'x "a]b"' }, '[x "a]b"]\na = 1\n'],
  ['knows a byte order mark', '\ufeff[s]\na = 2\n', {}, '\ufeff[s]\na = 1\n'],
  ['owns the part without a section', 'a = 2\n[s]\na = 3\n', { section: undefined }, 'a = 1\n[s]\na = 3\n'],
  ['adds before the first section', '# x\n\n# t\n[t]\n', { section: undefined }, '# x\n\na = 1\n# t\n[t]\n'],
  ['adds to a file without sections', '# x\nb = 2\n# y\n', { section: undefined }, '# x\nb = 2\na = 1\n# y\n'],
  ['adds to a file of comments', '# x', { section: undefined }, '# x\na = 1\n'],
  ['makes a section', '[t]\n', { option: undefined }, '[t]\n\n[s]\n'],
  ['keeps a section', '[s]\n[t]\n', { option: undefined }, '[s]\n[t]\n'],
  ['removes an option', '[s]\na = 1\na=2\n#a = 3\n[t]\na = 4\n', { state: 'absent' }, '[s]\n#a = 3\n[t]\na = 4\n'],
  ['removes one value', '[s]\na = 1\na = 2\n', { state: 'absent', exclusive: false }, '[s]\na = 2\n'],
  [
    'removes a section with what is in it',
    '[r]\n\n[s]\na = 1\n\n# about t\n[t]\n',
    { state: 'absent', option: undefined },
    '[r]\n\n# about t\n[t]\n',
  ],
  ['has nothing to remove', '[t]\na = 1\n', { state: 'absent' }, '[t]\na = 1\n'],
  ['leaves an indented option that follows alone', '[s]\n\ta = 2\n\tb = 3\n', {}, '[s]\n\ta = 1\n\tb = 3\n'],
];

function edit(text: string, args: Partial<IniArguments>) {
  const rest = { state: 'present', exclusive: true, no_extra_spaces: false, modify_inactive_option: false } as const;
  return editIni(text, { ...base, ...rest, ...args });
}

describe('an INI text', () => {
  for (const [title, text, args, wanted] of rows) {
    it(title, () => {
      assert.deepEqual(edit(text, args), { text: wanted });
      assert.deepEqual(edit(wanted, args), { text: wanted }, 'the second run differs');
    });
  }

  it('says which line goes on in the next', () => {
    assert.deepEqual(edit('[s]\na = 2 \\\n  3\n', {}), { continued: 2 });
    assert.deepEqual(edit('[s]\nb = 2\na = 1\n\thttp://x/y\n', { state: 'absent' }), { continued: 3 });
  });
});
