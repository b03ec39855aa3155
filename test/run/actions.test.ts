import assert from 'node:assert/strict';
import { schemaFault } from '../../src/language/schema-fault.ts';
import { actions } from '../../src/run/actions/index.ts';

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
