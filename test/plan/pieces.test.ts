import assert from 'node:assert/strict';
import type { HostwrightError } from '../../src/errors.ts';
import { convertText } from '../../src/plan/arguments/convert-text.ts';
import { dropNulls, fillDefaults } from '../../src/plan/arguments/fill.ts';
import { checkSelection, isSelected } from '../../src/plan/tags.ts';

const tags: readonly (readonly [string, string, string, boolean])[] = [
  ['', '', '', true],
  ['a', '', '', true],
  ['a', 'a', '', true],
  ['a', 'b', '', false],
  ['a,b', 'b', '', true],
  ['', 'a', '', false],
  ['a', '', 'a', false],
  ['a,b', 'b', 'a', false],
  ['always', '', '', true],
  ['always', 'x', '', true],
  ['always', 'x', 'always', false],
  ['always,a', '', 'a', false],
  ['never', '', '', false],
  ['never,a', '', '', false],
  ['never,a', 'a', '', true],
  ['never', 'never', '', true],
  ['never,a', 'all', '', false],
  ['a', 'all', '', true],
  ['a', 'tagged', '', true],
  ['', 'tagged', '', false],
  ['', 'untagged', '', true],
  ['a', 'untagged', '', false],
  ['a', '', 'tagged', false],
  ['', '', 'untagged', false],
  ['a', '', 'all', false],
];

describe('tags', () => {
  const list = (text: string) => text.split(',').filter(tag => tag !== '');
  for (const [own, only, skip, expected] of tags) {
    it(`[${own}] ${expected ? 'runs' : 'does not run'} with --tags "${only}" --skip-tags "${skip}"`, () => {
      assert.equal(isSelected(list(own), { only: list(only), skip: list(skip) }), expected);
    });
  }

  // What is left out may be missing; a slip would let it run.
  const unknown: readonly (readonly [string, string, RegExp | undefined])[] = [
    ['disk', '', undefined],
    ['dsk', '', /Did you mean "disk"\?/],
    ['disk,reboot', '', /Tags: always, disk, memory\./],
    ['all,reboot', '', undefined],
    ['tagged', 'never', undefined],
    ['', 'reboot', undefined],
    ['', 'memori', /Did you mean "memory"\?/],
  ];
  for (const [only, skip, hint] of unknown) {
    it(`--tags "${only}" --skip-tags "${skip}" ${hint ? 'names what is not there' : 'can be asked for'}`, () => {
      const check = () => checkSelection({ only: list(only), skip: list(skip) }, new Set(['memory', 'disk', 'always']));
      if (!hint) check();
      else assert.throws(check, (error: HostwrightError) => error.exitCode === 5 && hint.test(error.hint ?? ''));
    });
  }
});

describe('the text of a command line', () => {
  const rows: readonly (readonly [object | undefined, string, unknown])[] = [
    [{ type: 'integer' }, '7', 7],
    [{ type: 'integer' }, '-7', -7],
    [{ type: 'number' }, '1.5', 1.5],
    [{ type: 'integer' }, 'many', 'many'],
    [{ type: 'string' }, '7', '7'],
    [{ type: 'string' }, 'true', 'true'],
    [{ type: 'string' }, '[1]', '[1]'],
    [{ type: 'boolean' }, 'true', true],
    [{ type: 'boolean' }, 'yes', 'yes'],
    [{ type: ['string', 'null'] }, 'null', null],
    [{ type: ['integer', 'string'] }, '7', 7],
    [{ type: 'array' }, 'a,b', ['a', 'b']],
    [{ type: 'array' }, '', []],
    [{ type: 'array', items: { type: 'integer' } }, '1,2', [1, 2]],
    [{ type: 'array' }, '["a,b"]', ['a,b']],
    [{ type: 'object' }, '{"a": 1}', { a: 1 }],
    [{ type: ['string', 'array'] }, 'a,b', 'a,b'],
    [{ anyOf: [{ type: 'integer' }, { type: 'string' }] }, '4', 4],
    [{ anyOf: [{ type: 'integer' }, { type: 'array', items: { type: 'integer' } }] }, '1,2', [1, 2]],
    [{ enum: [1, 2] }, '2', 2],
    [{ enum: ['1', '2'] }, '2', '2'],
    [undefined, '7', '7'],
    [{}, '{"a": 1}', { a: 1 }],
    [{}, '{broken', '{broken'],
  ];
  for (const [schema, text, expected] of rows) {
    it(`"${text}" for ${JSON.stringify(schema)} is ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(convertText(schema, text), expected);
    });
  }
});

describe('defaults', () => {
  it('go in at any depth, and change nothing that was given', () => {
    const schema = {
      properties: { a: { default: 1 }, b: { properties: { c: { default: [2] } } }, d: {} },
      additionalProperties: {},
    };
    assert.deepEqual(fillDefaults(schema, { b: {}, x: 1 }, false), { b: { c: [2] }, x: 1, a: 1 });
    assert.deepEqual(fillDefaults(schema, { a: null }, true), { a: null, b: null, d: null });
  });

  it('leave what stands for a missing value as it is', () => {
    const mark = Object.freeze({ [Symbol('placeholder')]: true });
    assert.equal((fillDefaults({ properties: { a: {} } }, { a: mark }, false) as { a: unknown }).a, mark);
  });

  it('take null for "not given", at any depth', () => {
    assert.deepEqual(dropNulls({ a: null, b: [{ c: null, d: 0 }], e: '' }), { b: [{ d: 0 }], e: '' });
  });
});
