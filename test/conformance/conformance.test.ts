import assert from 'node:assert/strict';
import { share } from '../share.ts';
import { readCases } from './case.ts';
import { differencesOf, idle, readDifferences, told, unexplained } from './compare.ts';
import { outcomesOf } from './expectation.ts';
import { knownDifferences } from './known-differences.ts';
import { runOurs } from './ours.ts';

const table = readDifferences();
const files = readCases();
const all = files.flatMap(({ cases }) => cases);
const now = new Set(share(all, 140, ({ it: name }) => name));

describe('conformance with Ansible', function () {
  this.timeout(60_000);

  it('has cases with names of their own, and no difference for a case that is not there', () => {
    const names = all.map(({ it: name }) => name);
    assert.deepEqual(names, [...new Set(names)]);
    const unknown = table.flatMap(({ cases }) => cases).filter(name => !names.includes(name));
    assert.deepEqual(unknown, []);
  });

  for (const { file, cases } of files) {
    describe(file.replace('.yml', ''), () => {
      for (const given of cases.filter(one => now.has(one))) {
        it(given.it, async () => {
          const found = differencesOf(outcomesOf(given), await runOurs(given));
          assert.equal(told(unexplained(given, found, table)), '');
          assert.equal(told(found), told(knownDifferences(given)));
          assert.deepEqual(idle(given, found, table), [], 'nothing differs there');
        });
      }
    });
  }
});
