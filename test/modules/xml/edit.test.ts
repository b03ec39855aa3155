import assert from 'node:assert/strict';
import { editXml, findNodes } from '../../../src/modules/xml/edit.ts';
import { type Args, args as schema } from '../../../src/modules/xml/schema.ts';
import { textAt } from '../../../src/modules/xml/select.ts';
import { withDefaults } from '../arguments.ts';

const domain = `<?xml version='1.0'?>
<!-- kept: <a b="c"/> -->
<domain type='kvm' id="1">
  <name>vm &amp; 1</name>
  <devices>
    <disk type='file'  device="disk">
      <source file='/a'/>
      <target dev='vda'/>
    </disk>
    <disk type='block'><target dev='vdb'/></disk>
    <empty />
  </devices>
  <note><![CDATA[<x>]]></note>
</domain>
`;

type Row = [it: string, args: Partial<Args>, before: string, after: string];

/** Each row: what of the text is another afterwards. */
const rows: Row[] = [
  ['sets a text', { xpath: '/domain/name', value: 'a<b' }, 'vm &amp; 1', 'a&lt;b'],
  ['sets a text in place of CDATA', { xpath: '/domain/note', value: 'y' }, '<![CDATA[<x>]]>', 'y'],
  ['keeps a text that is written otherwise', { xpath: '/domain/note', value: '<x>' }, '', ''],
  ['keeps a text that is there', { xpath: '/domain/name', value: 'vm & 1' }, '', ''],
  ['sets the text of an empty element', { xpath: '//empty', value: 1 }, '<empty />', '<empty>1</empty>'],
  ['sets an attribute', { xpath: '/domain', attribute: 'id', value: '"2"' }, 'id="1"', 'id="&quot;2&quot;"'],
  ['sets an attribute by its path', { xpath: '/domain/@type', value: "q'" }, "'kvm'", "'q&apos;'"],
  [
    'adds an attribute with the quotes of the others',
    { xpath: "//disk[target/@dev='vdb']", attribute: 'device', value: 'lun' },
    "<disk type='block'>",
    "<disk type='block' device='lun'>",
  ],
  ['adds a first attribute', { xpath: '//empty', attribute: 'x', value: 'y' }, '<empty />', '<empty x="y" />'],
  ['adds an attribute by its path', { xpath: '/domain/name/@x', value: 'y' }, '<name>', '<name x="y">'],
  ['removes an attribute', { xpath: '/domain', attribute: 'id', state: 'absent' }, ` id="1"`, ''],
  ['removes an attribute by its path', { xpath: '//disk[1]/@device', state: 'absent' }, `  device="disk"`, ''],
  ['removes an element with its line', { xpath: '//source', state: 'absent' }, `\n      <source file='/a'/>`, ''],
  [
    'removes by an attribute below',
    { xpath: "//disk[target[@dev='vdb']]", state: 'absent' },
    `\n    <disk type='block'><target dev='vdb'/></disk>`,
    '',
  ],
  ['removes a text', { xpath: '/domain/name/text()', state: 'absent' }, 'vm &amp; 1', ''],
  ['has nothing to remove', { xpath: '//none', state: 'absent' }, '', ''],
  ['keeps an element that is there', { xpath: '/domain/devices/disk' }, '', ''],
  [
    'makes an element',
    { xpath: '/domain/on_crash', value: 'destroy' },
    '\n</domain>',
    '\n  <on_crash>destroy</on_crash>\n</domain>',
  ],
  [
    'makes what predicates ask for',
    { xpath: "/domain/devices/disk[@type='file' and @device='cdrom'][alias='x']/target/@dev", value: 'sda' },
    '\n  </devices>',
    `\n    <disk type="file" device="cdrom">\n      <alias>x</alias>\n      <target dev="sda"/>\n    </disk>\n  </devices>`,
  ],
  ['makes a child of an empty element', { xpath: '//empty/x' }, '<empty />', '<empty>\n      <x/>\n    </empty>'],
  [
    'adds children that are missing',
    { xpath: '//disk[1]', add_children: [{ target: { dev: 'vda' } }, 'serial', { alias: 'a&b' }] },
    `<target dev='vda'/>\n    </disk>`,
    `<target dev='vda'/>\n      <serial/>\n      <alias>a&amp;b</alias>\n    </disk>`,
  ],
  [
    'adds a child with children, on one line where its siblings are',
    { xpath: '//disk[2]', add_children: [{ iotune: { x: 1, _: [{ read: 5 }, 'write'] } }] },
    `<target dev='vdb'/></disk>`,
    `<target dev='vdb'/><iotune x="1"><read>5</read><write/></iotune></disk>`,
  ],
  [
    'sets children',
    { xpath: '//disk[last()]', set_children: [{ target: { dev: 'vdc' } }] },
    "<target dev='vdb'/>",
    '<target dev="vdc"/>',
  ],
  ['keeps children that are those', { xpath: '//disk[2]', set_children: [{ target: { dev: 'vdb' } }] }, '', ''],
  ['takes all children away', { xpath: '//disk[2]', set_children: [] }, "<target dev='vdb'/>", ''],
];

function edit(text: string, args: Partial<Args>) {
  return editXml(text, withDefaults(schema, args));
}

describe('an XML text', () => {
  for (const [title, args, before, after] of rows) {
    it(title, () => {
      const wanted = before === '' ? domain : domain.replace(before, () => after);
      assert.ok(before === '' || domain.includes(before));
      assert.deepEqual(edit(domain, args), { text: wanted });
      assert.deepEqual(edit(wanted, args), { text: wanted }, 'the second run differs');
    });
  }

  it('adds a child behind text', () => {
    const mixed = '<p>\n  a <b/> c\n</p>';
    const { text } = edit(mixed, { xpath: '/p', add_children: ['d'] }) as { text: string };
    assert.equal(text, '<p>\n  a <b/> c\n<d/></p>');
  });

  it('knows namespaces by their URIs, whatever their prefixes are', () => {
    const text = `<d xmlns='u:a' xmlns:q="u:q"><x/><q:cl q:v='1'/></d>`;
    const namespaces = { a: 'u:a', b: 'u:q' };
    assert.deepEqual(edit(text, { namespaces, xpath: '/a:d/b:cl/@b:v', value: '2' }), {
      text: text.replace("'1'", "'2'"),
    });
    const added = edit(text, { namespaces, xpath: '/a:d/b:arg[@k="1"]/a:y' });
    assert.deepEqual(added, { text: text.replace('</d>', '<q:arg k="1"><y/></q:arg></d>') });
    assert.deepEqual(edit(text, { xpath: '//x', state: 'absent' }), { text });
    const declared = edit(`<d/>`, { namespaces, xpath: '/d/b:arg' });
    assert.deepEqual(declared, { text: `<d>\n  <b:arg xmlns:b="u:q"/>\n</d>` });
  });

  it('says why it cannot make what is missing', () => {
    assert.match(JSON.stringify(edit(domain, { xpath: '/other/x' })), /not even the first element/);
    assert.match(JSON.stringify(edit(domain, { xpath: '//disk/x' })), /in 2 places/);
    assert.match(JSON.stringify(edit(domain, { xpath: '/domain/x[3]' })), /plainly enough/);
    assert.match(JSON.stringify(edit(domain, { xpath: '/domain/devices', value: 'x' })), /child elements/);
    assert.match(JSON.stringify(edit(domain, { xpath: '/domain/@id', add_children: ['x'] })), /not to an element/);
    assert.throws(() => edit('<a><b></a>', { xpath: '/a' }));
    assert.throws(() => edit('no XML', { xpath: '/a' }));
  });
});

const paths: [path: string, values: string[]][] = [
  ['/domain/name', ['vm & 1']],
  ['/domain/@*', ['kvm', '1']],
  ['//target/@dev', ['vda', 'vdb']],
  ['//disk[source]/target/@dev', ['vda']],
  ['//disk[not(source)]/target/@dev', ['vdb']],
  ["//disk[@type!='file' or @device='none']/@type", ['block']],
  ["//*[contains(@file, 'a')]/../@type", ['file']],
  ["//*[starts-with(@dev, 'vd')][1]/@dev", ['vda', 'vdb']],
  ['/domain/devices/disk[2]/target/@dev', ['vdb']],
  ["//name[.='vm & 1']", ['vm & 1']],
  ["//note[text()='<x>']", ['<x>']],
  ['/domain//disk//@dev', ['vda', 'vdb']],
  ['/name', []],
];

describe('a location path', () => {
  for (const [xpath, values] of paths) {
    it(xpath, () => {
      assert.deepEqual(findNodes(domain, withDefaults(schema, { xpath })).map(textAt), values);
    });
  }
});
