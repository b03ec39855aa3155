import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expression } from '../../src/language/source.ts';
import { UndefinedName, UnknownValue } from '../../src/values/errors.ts';
import { isLazy, lazyMap } from '../../src/values/lazy.ts';
import { createScope, type Layer, unknown } from '../../src/values/scope.ts';

function scopeOf(values: Readonly<Record<string, unknown>>, more: Partial<Layer> = {}) {
  return createScope([{ origin: 'test', values, ...more }]);
}

const json = fc.jsonValue({ maxDepth: 3 });
const layers = fc.array(fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer()), {
  minLength: 1,
  maxLength: 8,
});

describe('layers of variables', () => {
  it('give a name the value of the strongest layer that has it, also through other variables', () => {
    fc.assert(
      fc.property(layers, given => {
        const scope = createScope(given.map((values, at) => ({ origin: `layer ${at}`, values })));
        const model = Object.assign({}, ...given) as Record<string, number>;
        for (const name of ['a', 'b', 'c', 'd']) {
          if (name in model) {
            assert.equal(scope.resolve(name), model[name]);
            assert.equal(scope.evaluate(`{{ ${name} }}`), model[name]);
            const last = given.findLastIndex(values => name in values);
            assert.equal(scope.origin(name)?.origin, `layer ${last}`);
          } else {
            assert.throws(() => scope.resolve(name), UndefinedName);
          }
        }
        assert.deepEqual([...scope.names()].toSorted(), Object.keys(model).toSorted());
      }),
    );
  });

  it('let a weak variable see what a strong one became', () => {
    const scope = createScope([
      { origin: 'weak', values: { path: '/srv/{{ name }}', name: 'weak' } },
      { origin: 'strong', values: { name: 'strong' } },
    ]);
    assert.equal(scope.resolve('path'), '/srv/strong');
    assert.equal(scope.with({ origin: 'loop', values: { name: 'inner' } }).resolve('path'), '/srv/inner');
  });

  it('do not evaluate what is not asked for', () => {
    assert.equal(scopeOf({ broken: '{{ missing }}', fine: 1 }).resolve('fine'), 1);
  });

  it('finds variables that name each other, and says which', () => {
    assert.throws(() => scopeOf({ a: '{{ b }}', b: '{{ c }}', c: '{{ b }}' }).resolve('a'), /b -> c -> b/);
  });
});

describe('a map of values that cost something', () => {
  it('makes each when it is asked for, and once', () => {
    const made: string[] = [];
    const map = lazyMap(['a', 'b'], name => {
      made.push(name);
      return { name };
    });
    assert.deepEqual(Object.keys(map), ['a', 'b']);
    assert.deepEqual(made, []);
    assert.equal(map.a, map.a);
    assert.deepEqual(made, ['a']);
    assert.deepEqual([isLazy(map), isLazy({ ...map })], [true, false]);
  });
});

describe('a template that is exactly one path', () => {
  it('keeps the type of the value, at any depth of maps and lists', () => {
    fc.assert(
      fc.property(json, value => {
        const scope = scopeOf({ value }, { literal: true });
        const given = { deep: [{ er: '{{ value }}' }], text: 'x' };
        assert.deepEqual(scope.evaluate(given), { deep: [{ er: value }], text: 'x' });
      }),
    );
  });

  it('keeps the type of a helper call and of an expression too', () => {
    const scope = scopeOf({ list: [1, 2], map: { a: 1 } });
    assert.deepEqual(scope.evaluate('{{ keys map }}'), ['a']);
    assert.deepEqual(scope.evaluate('{{ default missing list }}'), [1, 2]);
    assert.equal(scope.evaluate('{{ list.length }}'), 2);
    assert.equal(scope.evaluate('{{ list.[1] }}'), 2);
    assert.deepEqual(scope.evaluate({ a: [expression('size(list) + 1')] }), { a: [3] });
  });

  it('is text with anything next to it, be it a blank', () => {
    const scope = scopeOf({ n: 7 });
    assert.equal(scope.evaluate('{{ n }}'), 7);
    assert.equal(scope.evaluate(' {{ n }}'), ' 7');
    assert.equal(scope.evaluate('{{ n }}{{ n }}'), '77');
  });
});

describe('data', () => {
  it('from a literal layer is never compiled, whatever it looks like and however often it is passed on', () => {
    const evil = fc.constantFrom('{{ secret }}', '{{#each x}}', '{{', '{{ upper name }}', '!expr 1 + 1', '{{{{raw}}}}');
    fc.assert(
      fc.property(evil, fc.string(), (text, around) => {
        const data = `${around}${text}${around}`;
        const scope = createScope([
          {
            origin: 'play',
            values: { secret: 'S', once: '{{ fromHost }}', twice: '{{ once }}', list: ['{{ twice }}'] },
          },
          { origin: 'a register', literal: true, values: { fromHost: data, map: { deep: [data] } } },
        ]);
        assert.equal(scope.resolve('fromHost'), data);
        assert.equal(scope.resolve('twice'), data);
        assert.deepEqual(scope.resolve('list'), [data]);
        assert.deepEqual(scope.evaluate('{{ map }}'), { deep: [data] });
        assert.equal(scope.evaluate('<{{ twice }}>'), `<${data}>`);
        assert.equal(scope.render('{{ once }}', 'none'), data);
        assert.equal(scope.evaluate(expression('fromHost')), data);
      }),
    );
  });
});

describe('unknown values', () => {
  const scope = createScope([
    { origin: 'play', values: { through: 'x {{ later }}', fine: 1 } },
    {
      origin: 'the run',
      literal: true,
      values: { later: unknown('its task has not run'), all: [{ r: unknown('not yet') }] },
    },
  ]);

  it('make everything unknown that needs them', () => {
    for (const value of [
      '{{ later }}',
      '{{ through }}',
      '{{ later.a.b }}',
      '{{ default later 1 }}',
      '{{#if later}}x{{/if}}',
      '{{ all.[0].r.stdout }}',
    ]) {
      assert.throws(() => scope.evaluate(value), UnknownValue, value);
    }
    assert.throws(() => scope.test('later.rc == 0'), UnknownValue);
    assert.throws(() => scope.evaluate({ a: [expression('size(all)')] }), UnknownValue);
  });

  it('leave alone what does not', () => {
    assert.equal(scope.evaluate('{{ fine }}'), 1);
    assert.equal(scope.test('fine == 1'), true);
  });
});
