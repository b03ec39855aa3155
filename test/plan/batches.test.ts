import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { BatchSize } from '../../src/language/model.ts';
import { cutIntoBatches } from '../../src/plan/batches.ts';
import { createBudget } from '../../src/run/state/budget.ts';

const size: fc.Arbitrary<BatchSize> = fc.oneof(
  fc.record({ hosts: fc.integer({ min: 1, max: 7 }) }),
  fc.record({ percent: fc.integer({ min: 1, max: 100 }) }),
);
const fleet = fc.integer({ min: 0, max: 40 }).map(count => Array.from({ length: count }, (_, at) => `h${at}`));

describe('batches', () => {
  it('hold every host once, in order, none is empty', () => {
    fc.assert(
      fc.property(fleet, fc.array(size, { maxLength: 4 }), (hosts, serial) => {
        const batches = cutIntoBatches(hosts, serial);
        assert.deepEqual(batches.flat(), hosts);
        assert.ok(batches.every(batch => batch.length > 0));
      }),
    );
  });

  it('have the sizes that are asked for, the last repeated: as taking them one host at a time', () => {
    fc.assert(
      fc.property(fleet, fc.array(size, { minLength: 1, maxLength: 4 }), (hosts, serial) => {
        const left = [...hosts];
        const expected: string[][] = [];
        while (left.length > 0) {
          const next = serial[expected.length] ?? serial.at(-1)!;
          const most = 'hosts' in next ? next.hosts : (next.percent / 100) * hosts.length;
          const batch: string[] = [];
          do batch.push(left.shift()!);
          while (left.length > 0 && batch.length + 1 <= most + 1e-9);
          expected.push(batch);
        }
        assert.deepEqual(cutIntoBatches(hosts, serial), expected);
      }),
    );
  });
});

describe('a budget', () => {
  it('is spent exactly where more than its share of the batch or of the fleet has failed', () => {
    const percent = fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined });
    const batches = fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(percent, batches, (limit, fates) => {
        const all = fates.flat();
        const budget = createBudget(limit, all.length);
        let before = 0;
        for (const batch of fates) {
          budget.begin(batch.length);
          let failed = 0;
          for (const fails of batch) {
            if (fails) budget.spend();
            failed += fails ? 1 : 0;
            const share = (count: number, of: number) => limit !== undefined && count * 100 > limit * of;
            const expected =
              limit === undefined
                ? failed === batch.length
                : share(failed, batch.length) || share(before + failed, all.length);
            assert.equal(budget.spent() !== undefined, expected);
          }
          before += failed;
        }
      }),
    );
  });
});
