import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type UndefinedName, ValueError } from '../../src/values/errors.ts';
import { operators } from '../../src/values/functions/operators.ts';
import { createScope } from '../../src/values/scope.ts';
import { compileTemplate, escapingOf } from '../../src/values/template.ts';

const values = {
  name: 'hv1',
  n: 0,
  yes: true,
  none: null,
  list: ['a', 'b'],
  map: { a: 1 },
  pair: { a: 1, b: [2] },
  turned: { b: [2], a: 1 },
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
  ['{{ cel "missing + 1" }}', /"missing" is not defined/],
  ['x {{ cel "n +" }}', /ends too early/],
  ['{{ cel n }}', /"cel" takes one expression in quotes/],
  ['{{#each list as |x|}}{{ cel "x" "y" }}{{/each}}', /"cel" takes one expression in quotes/],
  ['{{#each list as |x|}}{{/each}}{{ cel "x" }}', /"x" is not defined/],
  ['{{#if (not missing)}}x{{/if}}', /"missing" is not defined/],
  ['{{ default missing map.b }}', /"map\.b" is not defined/],
  ['{{ lt name n }}', /helper "lt": it compares two numbers or two texts/],
  ['x{{ eq name }}', /it takes 2 values/],
  ['{{ and name }}', /it takes at least 2 values/],
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
  ['{{#if (and (eq name "hv1") (or n yes) (not empty))}}a{{/if}}', 'a'],
  [
    '{{ defined missing }} {{ defined map.b }} {{ defined none }} {{ truthy missing }} {{ truthy deep.list }}',
    'false false true false false',
  ],
  ['{{ eq pair turned }} {{ ne pair turned }} {{ eq pair map }}', 'true false false'],
  ['{{ cel "n + 1" }}', 1],
  [String.raw`\{{ a }} {{ name }}`, '{{ a }} hv1'],
  ['{{ cel "default(missing, name)" }}', 'hv1'],
  ['x{{ cel "n + 1" }}', 'x1'],
  ['{{#if (cel "name == \'hv1\' && size(list) > 1")}}a{{/if}}', 'a'],
  ['{{#each list}}{{ cel "@index + 1" }}{{ cel "this + name" }}{{#if (cel "!@last")}},{{/if}}{{/each}}', '1ahv1,2bhv1'],
  [
    '{{#each list as |item|}}{{#each @root.map as |value key|}}{{ cel "item + key + string(value + n)" }}{{/each}}{{/each}}',
    'aa1ba1',
  ],
  ['{{#each map}}{{ cel "@key + string(this)" }}{{/each}}', 'a1'],
  [
    '{{#each (cel "list.filter(x, x != name)") as |x|}}{{#with @root.map}}{{ cel "x + string(this.a)" }}{{/with}}{{/each}}',
    'a1b1',
  ],
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

  for (const [text, hint] of [
    [
      '#jinja2: trim_blocks: True',
      'Take the line out. A line with nothing but a block is not in the result; {{~ ~}} takes blanks away.',
    ],
    ['{{ list[0] }}', 'Write: {{ list.[0] }}'],
    ["{{ map['a'] }}", 'Write: {{ map.a }}'],
    ["{{ list | join(',') }}", "Write: {{ join list ',' }}"],
    ["a {{ list | sort | join(',') }}", "Write: {{ join (sort list) ',' }}"],
    ["{{ users | map(attribute='name') | join(',') }}", `Write: !expr "join(users.map(i, i.name), ',')"`],
    ['a {{ n + 1 }}', "Write: {{ cel 'n + 1' }}"],
    [String.raw`a {{ name is search('\d') }}`, String.raw`Write: {{ cel "name.matches(r'\d')" }}`],
    [String.raw`{{ name is search('\d') }}`, String.raw`Write: !expr "name.matches(r'\\d')"`],
    ['a {{ name == "it\'s" }}', 'Write: {{ cel "name == \\"it\'s\\"" }}'],
    ['{% raw %}{{ a }}{% endraw %}', 'Write a backslash before braces that are text: \\{{ name }}'],
    ...['endfilter', 'with a = 1', 'autoescape true', 'do x.append(1)'].map(
      statement =>
        [
          `{% ${statement} %}`,
          'Blocks of Handlebars are {{#if …}} and {{#each …}}. ' +
            'A text that has this in it verbatim comes from a file: copy, src.',
        ] as const,
    ),
    ...['macro row(a)', 'call row(1)', "import 'm.j2' as m"].map(
      statement =>
        [
          `{% ${statement} %}`,
          'There are no macros: write the lines where they are used, once in {{#each list as |item|}} … {{/each}}.',
        ] as const,
    ),
    ...["include 'a.j2'", "extends 'a.j2'"].map(
      statement =>
        [`{% ${statement} %}`, 'A template is one file: write the lines of the other one in its place.'] as const,
    ),
    ['{% set x = list | length %}', 'Give the task a variable: vars: {x: !expr "size(list)"}'],
    ['{{ loop.index * 2 }}', "Write: {{ cel '(@index + 1) * 2' }}"],
    ['{{ name | upper | nope }}', 'Nothing here does what "nope" does; see "hostwright doc functions".'],
    ["{{ lookup('env', 'HOME') }}", "Write: {{ env 'HOME' }}"],
    ["{{ 'a' if yes else 'b' }}", `Write: !expr "yes ? 'a' : 'b'"`],
    ["{{ name | password_hash('sha512') }}", 'Give the hash as a variable: "mkpasswd -m sha-512" prints it.'],
  ] as const) {
    it(`say how ${text} is written here`, () => assert.throws(() => scope.evaluate(text), { hint }));
  }

  it('say how a part that may be missing is given to a block or a helper', () => {
    const hint = 'If it may be missing: (default map.b false).';
    for (const text of ['{{#if map.b}}x{{/if}}', '{{ not map.b }}', 'x {{ not map.b }}'])
      assert.throws(() => scope.evaluate(text), { message: '"map.b" is not defined', hint }, text);
    assert.equal(scope.evaluate('{{#if (default map.b false)}}x{{/if}}'), '');
  });

  it('say where in the text the name stands', () => {
    assert.throws(() => scope.evaluate('line\n  {{ name }} {{ missing }}'), { name: 'UndefinedName', offset: 21 });
    assert.throws(
      () => scope.evaluate('{{ upper missing }}'),
      (error: UndefinedName) => error.offset === 9,
    );
  });

  it('say where in an expression of the text the name stands', () => {
    assert.throws(() => scope.evaluate('{{ name }} {{ cel "n + missing" }}'), { name: 'UndefinedName', offset: 23 });
    assert.throws(() => scope.evaluate('{{ cel "n + + 1" }}'), { name: 'ValueError', offset: 12 });
  });

  for (const { name, summary, example } of operators) {
    it(`${name} gives what its example says`, () => {
      assert.match(summary, /^[A-Z].*[.]$/);
      const names = example.args.map((_, at) => `a${at}`);
      const given = Object.fromEntries(names.map((key, at) => [key, example.args[at]]));
      const inner = createScope([{ origin: 't', literal: true, values: given }]);
      assert.equal(inner.evaluate(`{{ ${name} ${names.join(' ')} }}`), example.gives);
    });
  }

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

  it('convert for the expressions of a loop only what they name, and each variable once', () => {
    const reads = { unnamed: 0, named: 0, items: 0 };
    const counting = (name: keyof typeof reads) =>
      Object.defineProperty({}, 'n', { enumerable: true, get: () => ++reads[name] && 1 });
    const template = compileTemplate('{{#each items as |i|}}{{ cel "i.n + named[0].n" }}{{/each}}{{ unnamed.length }}');
    const items = [1, 2, 3].map(() => counting('items'));
    assert.equal(template.evaluate({ items, named: [counting('named')], unnamed: [counting('unnamed')] }), '2221');
    assert.deepEqual(reads, { unnamed: 0, named: 1, items: 3 });
  });
});
