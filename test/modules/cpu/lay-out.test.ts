import assert from 'node:assert/strict';
import { layOut } from '../../../src/modules/libvirt_cpu_plan/lay-out.ts';

describe('the cores of a guest', () => {
  const free = [3, 2, 1, 0].map(core => ({ node: core < 2 ? 0 : 1, cpus: [core] }));

  for (const strategy of ['spread', 'pack'] as const) {
    it(`are those of the first of equal nodes (${strategy})`, () => {
      const found = layOut(1, free, { smt: 'spread', strategy, numa: 'strict' });
      assert.deepEqual(found?.nodes, [0]);
    });
  }

  it('are of the node with the most room, or packed into the one with the least', () => {
    const uneven = [...free, { node: 1, cpus: [4] }];
    const nodes = (strategy: 'spread' | 'pack') =>
      layOut(2, uneven, { smt: 'spread', strategy, numa: 'strict' })?.nodes;
    assert.deepEqual([nodes('spread'), nodes('pack')], [[1], [0]]);
  });
});
