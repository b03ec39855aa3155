import assert from 'node:assert/strict';
import fc from 'fast-check';
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
};
const scope = createScope([{ origin: 'test', literal: true, values }]);

function resultOf(text: string): unknown {
  const { evaluate, references } = compileExpression(text);
  return evaluate(Object.fromEntries([...references.keys()].map(name => [name, scope.resolve(name)])));
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
