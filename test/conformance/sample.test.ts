import assert from 'node:assert/strict';
import { chosen } from '../share.ts';
import { ansibleVersion, runAnsible } from './ansible.ts';
import { readCases } from './case.ts';
import { differencesOf, told } from './compare.ts';
import { outcomesOf, readExpectation } from './expectation.ts';

const cases = readCases().flatMap(file => file.cases);

describe('what Ansible is said to do', function () {
  this.timeout(90_000);
  for (const given of chosen(cases, 5, ({ it }) => it)) {
    it(`is what it does: ${given.it}`, async function () {
      // Another version may do otherwise; what is stored says which one it was.
      if (ansibleVersion() !== readExpectation(given)?.ansible) this.skip();
      assert.equal(told(differencesOf(outcomesOf(given), await runAnsible(given))).replaceAll('here', 'now'), '');
    });
  }
});
