import assert from 'node:assert/strict';
import { mostIoThreads } from '../../../src/host/domain/rules-threads.ts';

describe('the most I/O threads of a guest', () => {
  it('are two for each CPU, or one for each disk, and 16 in any case', () => {
    assert.deepEqual([mostIoThreads(32, 2), mostIoThreads(8, 24), mostIoThreads(2, 1)], [64, 24, 16]);
  });
});
