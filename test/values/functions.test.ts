import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { compileExpression as compile } from '../../src/values/expression.ts';
import { functions } from '../../src/values/functions/index.ts';
import { createScope } from '../../src/values/scope.ts';

/** Both languages name the arguments, since templates cannot write lists and maps. */
function ask(name: string, args: readonly unknown[]): { template: unknown; expression: unknown } {
  const names = args.map((_, at) => `arg${at}`);
  const values = Object.fromEntries(names.map((key, at) => [key, args[at]]));
  const scope = createScope([{ origin: 'test', literal: true, values }]);
  return {
    template: scope.evaluate(`{{ ${name} ${names.join(' ')} }}`),
    expression: compile(`${name}(${names.join(', ')})`).evaluate(values),
  };
}

/** The order of names, which a comparison of maps does not see, is seen in JSON. */
function sorted(value: unknown): unknown {
  return ask('sort_keys', [value]).expression;
}

const more: readonly (readonly [string, readonly unknown[], unknown])[] = [
  ['first', [[]], null],
  ['join', [[1, 'a', true]], '1,a,true'],
  ['sort', [['b', 'a', 'B']], ['B', 'a', 'b']],
  ['replace', ['$&', '$', '$$'], '$$&'],
  ['merge', [{ a: [1] }, { a: [2], b: null }], { a: [2], b: null }],
  ['merge', [{ a: { x: 1 } }, { a: { y: 2 } }, false], { a: { y: 2 } }],
  ['json', [{ a: [1] }, 2], '{\n  "a": [\n    1\n  ]\n}'],
  ['json', [sorted([{ b: { d: 1, c: [] }, a: 2 }])], '[{"a":2,"b":{"c":[],"d":1}}]'],
  ['indent', ['a\n\nb', 2, false], 'a\n\n  b'],
  ['split', [' a  b\n'], ['a', 'b']],
  ['flatten', [[1, [2, [3]]], 1], [1, 2, [3]]],
  ['slice', [[1, 2, 3], 1], [2, 3]],
  ['dirname', ['a'], ''],
  ['dirname', ['/a'], '/'],
  ['expanduser', ['~/a'], `${homedir()}/a`],
  ['expanduser', ['~bob/a'], '~bob/a'],
  ['regex_search', ['abc', 'x'], null],
  ['regex_search', ['a\nbc', '^b.'], null],
  ['regex_search', ['vm12', 'vm([0-9]+)'], 'vm12'],
  ['regex_findall', ['k=1 l=2', '([a-z])='], ['k', 'l']],
  ['regex_escape', ['a/b-c[1]'], 'a\\/b-c\\[1\\]'],
  ['quote', ["it's"], `'it'\\''s'`],
  ['comment', ['a'], '# a'],
  ['fileglob', ['/no/such/*'], []],
  ['fileglob', ['/de[v]'], []],
  ['version', ['1.0', '==', '1.0'], true],
  ['version', ['1.0', '<', '1.0.1'], true],
  ['version', ['1.0~rc1', '<', '1.0'], true],
  ['version', ['1.0', '>', '1.0~rc1'], true],
  ['version', ['1.0rc', '<', '1.0.1'], true],
  ['version', ['2.10', '>=', '2.9'], true],
  ['version', ['12', '!=', '12'], false],
  ['version', ['1:2.3-4ubuntu1', '<', '1:2.3-4ubuntu2'], true],
  ['version', ['1:7.2+dfsg-7', '>=', '7.0'], true],
  ['version', ['1:2.0', '>', '7.0'], true],
  ['version', ['0:7.0', '==', '7.0'], true],
  ['version', ['2:1.0', '<', '10:0.1'], true],
  [
    'unique',
    [
      [
        { a: 1, b: [{ c: 2, d: 3 }] },
        { b: [{ d: 3, c: 2 }], a: 1 },
      ],
    ],
    [{ a: 1, b: [{ c: 2, d: 3 }] }],
  ],
  ['difference', [[{ a: 1, b: 2 }], [{ b: 2, a: 1 }]], []],
  ['intersect', [[[1, 2]], [[2, 1]]], []],
  ['from_size', ['512 K'], 524_288],
  ['from_size', ['7'], 7],
  ['to_size', [0], '0'],
  ['to_size', [4 * 1024 ** 3], '4GiB'],
  ['to_size', [1025], '1025'],
  ['sum', [[]], 0],
  ['sum', [[0.5, 1]], 1.5],
  ['ip_address', ['::ffff:1.2.3.4'], '::ffff:102:304'],
  ['ip_address', ['fe80:0:0:1:0:0:0:1'], 'fe80:0:0:1::1'],
  ['ip_address', ['1:0:2:3:4:5:6:7'], '1:0:2:3:4:5:6:7'],
  ['ip_network', ['fd00:1:2:3::9/48'], 'fd00:1:2::/48'],
  ['ip_network', ['10.1.2.3/0'], '0.0.0.0/0'],
  ['ip_host', ['10.0.0.0/24', -1], '10.0.0.255'],
  ['ip_in', ['fd00::1', '10.0.0.0/8'], false],
  ['ip_in', ['11.0.0.1', '10.0.0.0/8'], false],
];

const wrong: readonly (readonly [string, readonly unknown[], RegExp])[] = [
  ['from_size', ['4 X'], /"4 X" is not a size; write 4G/],
  ['max', [[]], /a list of numbers, with one at least/],
  ['ip_host', ['10.0.0.0/30', 4], /has no address at 4/],
  ['ip_network', ['10.0.0.300/8'], /is not an IP address or network/],
  ['file', ['/no/such/file'], /the file cannot be read: ENOENT/],
  ['file', ['a.txt'], /"a.txt" is not an absolute path; write path_join\(playbook_dir, "a.txt"\)/],
  ['fileglob', ['conf/*'], /write path_join\(playbook_dir, "conf\/\*"\)/],
  ['first_found', [['~/a', '/dev/null']], /write expanduser\("~\/a"\)/],
  ['env', ['NO_SUCH_VARIABLE'], /the environment has no "NO_SUCH_VARIABLE"/],
  ['from_json', ['{'], /function|helper/],
  ['version', ['1', 'lt', '2'], /"lt" is none of <, <=, ==, !=, >=, >/],
  ['first_found', [['/no/such']], /none of these exists: \/no\/such/],
  ['subelements', [[{ a: 1 }], 'b'], /an item has no "b"/],
  ['subelements', [[{ a: 1 }], 'a'], /"a" is not a list in each item/],
  ['product', [Array(1000).fill(1), Array(1000).fill(1)], /at most 100000 pairs/],
  ['range', [0, 1_000_000], /at most 100000 numbers/],
];

describe('functions of both languages', () => {
  for (const { name, example, summary } of functions) {
    it(`${name} gives what its example says`, () => {
      assert.match(summary, /^[A-Z].*[.]$/);
      assert.deepEqual(ask(name, example.args), { template: example.gives, expression: example.gives });
    });
  }
  for (const [name, args, gives] of more) {
    it(`${name} of ${JSON.stringify(args)} is ${JSON.stringify(gives)}`, () => {
      assert.deepEqual(ask(name, args), { template: gives, expression: gives });
    });
  }
  for (const [name, args, message] of wrong) {
    it(`${name} refuses ${JSON.stringify(args)}`, () => assert.throws(() => ask(name, args), message));
  }

  it('have names that are theirs alone', () => {
    const names = functions.map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)]);
  });

  it('are refused with arguments of another type or number, before the run where that is known', () => {
    const scope = createScope([{ origin: 'test', literal: true, values: { n: 7, text: 'a' } }]);
    assert.throws(() => scope.evaluate('{{ upper n }}'), /helper "upper": "text" must be a text, not a whole number/);
    assert.throws(() => scope.evaluate('{{ upper text text }}'), /helper "upper": it takes text/);
    assert.throws(() => compile('upper(7)'), /the expression is not valid/);
    assert.throws(() => compile('uper(n)'), { hint: 'Did you mean "upper"?' });
  });
});
