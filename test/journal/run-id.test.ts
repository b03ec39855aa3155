import assert from 'node:assert/strict';
import { isRunId, nextId } from '../../src/journal/run-id.ts';

const noon = new Date('2026-06-01T12:00:00Z');

describe('the ids of runs', () => {
  it('are five letters that sort by time', () => {
    const minutes = [0, 1, 31, 32, 33, 1023, 1024, 100_000, 30_000_000];
    const ids = minutes.map(count => nextId(new Date(noon.getTime() + count * 60_000), undefined));
    assert.deepEqual(ids, ids.toSorted());
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.every(isRunId), ids.join());
  });

  it('go up by one where several begin in one minute', () => {
    const first = nextId(noon, undefined);
    const second = nextId(noon, first);
    const third = nextId(noon, second);
    assert.deepEqual([first, second, third].toSorted(), [first, second, third]);
    assert.equal(new Set([first, second, third]).size, 3);
  });

  it('go up where the clock jumps back, also to before they begin to count', () => {
    const newest = nextId(noon, undefined);
    for (const then of ['2026-05-31T00:00:00Z', '1970-01-01T00:00:00Z'])
      assert.ok(nextId(new Date(then), newest) > newest, then);
    assert.equal(nextId(new Date('1970-01-01T00:00:00Z'), undefined), '00000');
  });

  it('carry over at the last digit', () => {
    assert.equal(nextId(new Date(0), '0000z'), '00010');
    assert.equal(nextId(new Date(0), '00zzz'), '01000');
  });

  it('are told from other names', () => {
    for (const name of ['k7f2', 'k7f2aa', 'K7F2A', 'k7f2i', 'k7f2l', 'k7f2o', 'k7f2u', '', '.....'])
      assert.ok(!isRunId(name), name);
  });
});
