import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expression } from '../../src/language/source.ts';
import { type UndefinedName, ValueError } from '../../src/values/errors.ts';
import { compileExpression } from '../../src/values/expression.ts';
import { createScope } from '../../src/values/scope.ts';

const values = {
  n: 7,
  half: 0.5,
  text: 'abc',
  list: [1, 2, 3],
  map: { a: 1, none: null },
  yes: true,
  skipped: { changed: false },
  type: 'kvm',
  int: 5,
  package: 'p',
  cel: 'c',
  optional: 'o',
  namespace: 'n',
  fields: { package: 'p' },
};
const scope = createScope([{ origin: 'test', literal: true, values }]);

function resultOf(text: string): unknown {
  return scope.evaluate(expression(text));
}

const rows: readonly (readonly [string, unknown])[] = [
  ['n + 1', 8],
  ['n / 2', 3],
  ['n % 4', 3],
  ['n * half', 3.5],
  ['half + n', 7.5],
  ['n - half', 6.5],
  ['half / n < 1', true],
  ['n > half', true],
  ['half < n', true],
  ['n == 7.0', true],
  ['double(n) / 2.0', 3.5],
  ['int("42") + n', 49],
  ['string(n) + text', '7abc'],
  ['size(list) + size(text) + size(map)', 8],
  ['list.all(x, x > 0) && list.exists(x, x == 2)', true],
  ['list.map(x, x * 2)', [2, 4, 6]],
  ['list.filter(x, x > 1)', [2, 3]],
  ['2 in list', true],
  ['"a" in map', true],
  ['has(map.b) ? map.b : 0', 0],
  ['has(skipped.stdout) && skipped.stdout == "x"', false],
  ['map.none == null', true],
  ['text.startsWith("a") && text.matches("^[a-c]+$")', true],
  ['yes ? {"a": n} : {}', { a: 7 }],
  ['[n, text]', [7, 'abc']],
  ['list[0]', 1],
  ['type(n) == int && type(list) == list', true],
  ['type == "kvm" && int == 5', true],
  ['yes ? "a" : null', 'a'],
  ['yes ? null : "a"', null],
  ['!yes ? (yes ? 1 : null) : text', 'abc'],
  ['package + cel + optional + namespace', 'pcon'],
  ['fields.package == package && "package" != package', true],
  ['"docker inspect -f {{.Id}} {{json .Mounts}} {{end}}"', 'docker inspect -f {{.Id}} {{json .Mounts}} {{end}}'],
  ['defined(nowhere) || defined(nowhere.a.b) || defined(map.b) || defined(list[7]) || defined(map["b"].c)', false],
  ['defined(n) && defined(map.a) && defined(map.none) && defined(list[0]) && defined(map["a"])', true],
  ['defined(nowhere) && nowhere > 1', false],
  ['default(nowhere, 1) + default(nowhere.a, 2) + default(map.none, 3) + default(n, 4)', 13],
  ['default(map[text], list)', [1, 2, 3]],
  ['list.map(i, default(map.b, i))', [1, 2, 3]],
  ['[0, "", [], {}, null, !yes, 0.0].exists(x, truthy(x)) || truthy(nowhere) || truthy(nowhere.a)', false],
  ['[1, "0", [0], {"a": 0}, yes].all(x, truthy(x))', true],
];

describe('expressions', () => {
  for (const [text, expected] of rows)
    it(`${text} is ${JSON.stringify(expected)}`, () => assert.deepEqual(resultOf(text), expected));

  it('count with whole numbers as JSON has them', () => {
    const whole = fc.integer({ min: -(2 ** 31), max: 2 ** 31 });
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        const inner = createScope([{ origin: 't', literal: true, values: { a, b } }]);
        assert.equal(inner.test(`a + b == ${a + b}`), true);
        assert.equal(inner.test('a < b'), a < b);
        assert.equal(compileExpression('a - b').evaluate({ a, b }), a - b);
      }),
    );
  });

  it('name what they need, but for the names of their own', () => {
    assert.deepEqual(
      [...compileExpression('list.exists(x, x == n && y) || size(other) > 0').references.keys()],
      ['list', 'n', 'y', 'other'],
    );
  });

  it('are strictly true or false as conditions', () => {
    for (const text of ['n', 'text', 'list', 'map.none', '1'])
      assert.throws(() => scope.test(text), /must be true or false/, text);
    assert.equal(scope.test('!yes'), false);
  });

  it('are checked for types before they run', () => {
    for (const text of ['1 + "a"', 'size(1, 2)', 'nope(n)', '"a" && true', 'n =', '((n)']) {
      assert.throws(() => compileExpression(text), ValueError, text);
    }
  });

  it('let a function ask for a path only, and for nothing else in it', () => {
    for (const text of [
      'default(nowhere + 1, 2)',
      'defined(map[nowhere])',
      'defined(n) && nowhere',
      'default(n, nowhere)',
    ])
      assert.throws(() => resultOf(text), { message: '"nowhere" is not defined' }, text);
  });

  it('have no variables in braces, be it in a text', () => {
    for (const [text, hint] of [
      ['{{ n }} == 7', 'Write: n == 7'],
      ['text == "{{ text }}"', 'Write: text == text'],
      ["text == 'x-{{ map.a }}-{{ n }}'", "Write: text == 'x-' + string(map.a) + '-' + string(n)"],
    ] as const) {
      assert.throws(() => resultOf(text), { message: 'an expression names its variables without {{ }}', hint });
      assert.equal(compileExpression(hint.slice('Write: '.length)).references.size > 0, true);
    }
  });

  it('say that a part is missing, and how to ask for it', () => {
    assert.throws(
      () => scope.test('skipped.stdout == ""'),
      (error: UndefinedName) => {
        assert.equal(error.message, '"skipped.stdout" is not defined');
        assert.equal(error.hint, 'If it may be missing, ask first: has(skipped.stdout) && …');
        return true;
      },
    );
    for (const [text, message, hint] of [
      ['map[text]', '"map" has no key "abc"', 'If it may be missing, ask first: text in map && …'],
      ['n == 7 && list[n] == 1', '"list" has no item [n]', 'If it may be shorter, ask first: size(list) > …'],
    ] as const) {
      assert.throws(() => resultOf(text), { message, hint });
    }
  });
});
