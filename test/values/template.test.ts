import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type UndefinedName, ValueError } from '../../src/values/errors.ts';
import { createScope } from '../../src/values/scope.ts';
import { escapingOf } from '../../src/values/template.ts';

const values = {
  name: 'hv1',
  n: 0,
  yes: true,
  none: null,
  list: ['a', 'b'],
  map: { a: 1 },
  empty: '',
  deep: { none: null, list: [] },
};
const scope = createScope([{ origin: 'test', literal: true, values }]);

/** Texts that are errors, and a part of what is said. */
const strict: readonly (readonly [string, RegExp])[] = [
  ['x {{ missing }}', /"missing" is not defined/],
  ['{{ missing }}', /"missing" is not defined/],
  ['{{ map.b }}', /"map\.b" is not defined/],
  ['x {{ map.b.c }}', /"map\.b\.c" is not defined/],
  ['{{ map.b.length }}', /"map\.b\.length" is not defined/],
  ['{{ name.b }}', /"name\.b" is not defined/],
  ['x {{ none }}', /"none" is null/],
  ['x {{ deep.none }}', /"deep\.none" is null/],
  ['x {{ list }}', /"list" is a list/],
  ['x {{ map }}', /"map" is a map/],
  ['x {{ keys map }}', /"keys" is a list/],
  ['{{ upper missing }}', /"missing" is not defined/],
  ['x {{ upper map.b }}', /"map\.b" is not defined/],
  ['x {{ upper (lower missing) }}', /"missing" is not defined/],
  ['{{#if missing}}x{{/if}}', /"missing" is not defined/],
  ['{{#if map.b}}x{{/if}}', /"map\.b" is not defined/],
  ['{{#unless missing}}x{{/unless}}', /"missing" is not defined/],
  ['{{#each missing}}x{{/each}}', /"missing" is not defined/],
  ['{{#with map.b}}x{{/with}}', /"map\.b" is not defined/],
  ['{{#each list}}{{ missing }}{{/each}}', /"missing" is not defined/],
  ['{{ nope name }}', /there is no helper "nope"/],
  ['x {{ upper (nope name) }}', /there is no helper "nope"/],
  ['{{#nope}}{{/nope}}', /there is no block "#nope"/],
  ['{{> part}}', /partials and decorators/],
  ['{{ join list separator="," }}', /no named arguments/],
  ['{{ constructor }}', /"constructor" is not defined/],
  ['{{ map.constructor }}', /"map\.constructor" is not defined/],
  ['x {{ map.__proto__ }}', /"map\.__proto__" is not defined/],
  ['{{ toString name }}', /there is no helper "toString"/],
  ['{{ join name "," }}', /helper "join": "list" must be a list, not a text/],
];

const fine: readonly (readonly [string, unknown])[] = [
  ['x {{ name }} {{ n }} {{ yes }}', 'x hv1 0 true'],
  ['{{ empty }}', ''],
  ['{{ none }}', null],
  ['{{ default missing "x" }}', 'x'],
  ['{{ default map.b.c 7 }}', 7],
  ['a {{ default none "x" }}', 'a x'],
  ['{{#if n}}a{{else}}b{{/if}}', 'b'],
  ['{{#if (default missing yes)}}a{{/if}}', 'a'],
  ['{{#each list}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{/each}}', '0a,1b'],
  ['{{#each list}}{{@root.name}}-{{../name}} {{/each}}', 'hv1-hv1 hv1-hv1 '],
  ['{{#each list as |item at|}}{{item}}{{at}}{{/each}}', 'a0b1'],
  ['{{#each map}}{{@key}}={{this}}{{/each}}', 'a=1'],
  ['{{#with map}}{{a}}{{/with}}', '1'],
  ['{{ name.length }}', 3],
  ['n{{ name.length }}', 'n3'],
  ['{{ lookup map "a" }}', 1],
  ['{{ json map }}', '{"a":1}'],
  ['{{ join list ", " }}!', 'a, b!'],
  ['{{ upper (basename "/a/b") }}', 'B'],
  ['{{! a comment }}x', 'x'],
  ['\\{{ name }}', '{{ name }}'],
  ['curl -w %{http_code} {%}', 'curl -w %{http_code} {%}'],
  ['\'<&>" {{ name }}', '\'<&>" hv1'],
];

describe('templates', () => {
  for (const [text, message] of strict) {
    it(`refuse ${text}`, () => {
      assert.throws(
        () => scope.evaluate(text),
        (error: ValueError) => error instanceof ValueError && message.test(error.message),
      );
    });
  }
  for (const [text, expected] of fine) {
    it(`give ${JSON.stringify(expected)} for ${text}`, () => assert.deepEqual(scope.evaluate(text), expected));
  }

  const hints: [text: string, hint: RegExp][] = [
    ['{% for x in list %}{{ x }}{% endfor %}', /Write: \{\{#each list\}\}/],
    ['{%- if name %}x{% endif %}', /Write: \{\{#if value\}\}/],
    ['{{ list[0] }}', /\{\{ list\.\[0\] \}\}/],
    ["{{ map['a'] }}", /\{\{ map\.a \}\}/],
    ["{{ list | join(',') }}", /\{\{ join list … \}\}/],
  ];
  for (const [text, hint] of hints) {
    it(`say how ${text} is written here`, () => {
      assert.throws(
        () => scope.evaluate(text),
        (error: ValueError) => error instanceof ValueError && hint.test(error.hint ?? ''),
      );
    });
  }

  it('say where in the text the name stands', () => {
    assert.throws(() => scope.evaluate('line\n  {{ name }} {{ missing }}'), { name: 'UndefinedName', offset: 21 });
    assert.throws(
      () => scope.evaluate('{{ upper missing }}'),
      (error: UndefinedName) => error.offset === 9,
    );
  });

  it('suggest the nearest name', () => {
    assert.throws(() => scope.evaluate('{{ nmae }}'), { hint: 'Did you mean "name"?' });
  });

  it('do not escape for HTML', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        assert.equal(
          createScope([{ origin: 't', literal: true, values: { text } }]).evaluate('<{{ text }}>'),
          `<${text}>`,
        );
      }),
    );
  });

  it('escape in XML what is put in, and not what is put in raw', () => {
    const inner = createScope([{ origin: 't', literal: true, values: { text: `a<b & "c" 'd'>`, tag: '<a/>' } }]);
    assert.equal(
      inner.render('<x y="{{ text }}">{{{ tag }}}{{ upper text }}</x>', 'xml'),
      '<x y="a&lt;b &amp; &quot;c&quot; &apos;d&apos;&gt;"><a/>A&lt;B &amp; &quot;C&quot; &apos;D&apos;&gt;</x>',
    );
    const [escaped, plain] = [
      ['x.xml', 'x.xml.hbs', 'x.html.hbs', 'x.svg.hbs'],
      ['x.hbs', 'x.xmlx', 'html.hbs'],
    ];
    assert.deepEqual(escaped.map(escapingOf), ['xml', 'xml', 'xml', 'xml']);
    assert.deepEqual(plain.map(escapingOf), ['none', 'none', 'none']);
  });
});
