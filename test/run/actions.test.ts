import assert from 'node:assert/strict';
import { schemaFault } from '../../src/language/schema-fault.ts';
import { validate } from '../../src/language/validate.ts';
import { debugAction } from '../../src/run/actions/debug.ts';
import { actions } from '../../src/run/actions/index.ts';
import { createScope } from '../../src/values/scope.ts';
import { templatePath } from '../../src/values/variable-path.ts';

const open = ['add_host', 'set_fact'];

describe('every action', () => {
  for (const { args, name, summary } of actions) {
    it(`${name} takes no argument that it does not describe, but where its arguments are variables`, () => {
      assert.equal(schemaFault(args), undefined);
      assert.match(summary, /^[A-Z0-9].*[.]$/);
      assert.equal(args.additionalProperties, open.includes(name) ? undefined : false);
    });
  }
});

describe('debug', () => {
  const scope = createScope([{ origin: 't', values: { a: { b: [1, { c: 2 }], 'x-y': 3 } } }]);
  for (const [path, value] of [
    ['a.b.0', 1],
    ['a.b[0]', 1],
    ['a.b[1].c', 2],
    ['a.b.1.c', 2],
    ["a['x-y']", 3],
    ['a["b"][0]', 1],
  ] as const) {
    it(`shows the value of ${path}`, () => {
      assert.deepEqual(validate(debugAction.args, { var: path }), []);
      assert.equal(scope.evaluate(`{{ ${templatePath(path)} }}`), value);
    });
  }

  for (const path of ['a.', 'a[', 'a[b]', 'a }}', "a['x' ]"])
    it(`does not take ${path} for a path`, () => assert.equal(validate(debugAction.args, { var: path }).length, 1));
});
