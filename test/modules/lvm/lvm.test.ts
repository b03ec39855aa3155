import assert from 'node:assert/strict';
import { numberOf } from '../../../src/host/lvm/report.ts';
import { chooseChunk } from '../../../src/modules/lvm_chunk_probe/chunk-samples.ts';
import { CannotTell } from '../../../src/shell/answer.ts';

describe('a number that LVM prints', () => {
  it('is read', () => {
    assert.equal(numberOf({ vg_free: '1024' }, 'vg_free'), 1024);
    assert.equal(numberOf({ data_percent: '0.00' }, 'data_percent'), 0);
  });

  for (const value of [undefined, '', 'unknown']) {
    it(`is not guessed from ${JSON.stringify(value)}`, () => {
      assert.throws(() => numberOf({ vg_free: value } as never, 'vg_free'), CannotTell);
    });
  }
});

describe('the chunk size of a thin pool', () => {
  const sample = (chunk: number, bandwidth_mean: number) => ({
    ...{ chunk, bandwidth_mean, bandwidth_deviation: 0, iops_mean: 1, iops_deviation: 0, p99_mean: 1, samples: [] },
  });

  it('is the smallest within 95 % of the best', () => {
    const sizes = [sample(65_536, 94), sample(131_072, 95), sample(262_144, 97), sample(524_288, 100)];
    assert.equal(chooseChunk(sizes).chosen, 131_072);
    assert.equal(chooseChunk([...sizes].reverse()).chosen, 131_072);
  });
});
