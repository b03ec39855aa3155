import assert from 'node:assert/strict';
import { tellReading } from '../../src/reporters/reading.ts';

/** What is written while so many journals are read, each of which takes so many milliseconds. */
function written(isTTY: boolean, count: number, each: number): readonly string[] {
  const lines: string[] = [];
  let now = 1000;
  const write = (text: unknown) => lines.push(String(text)) > 0;
  const { begin, end } = tellReading({ isTTY, write }, () => now);
  for (let at = 0; at < count; at += 1) {
    begin(count);
    now += each;
  }
  end();
  return lines;
}

describe('reading journals', () => {
  it('is not told of where it is short', () => {
    for (const isTTY of [true, false]) assert.deepEqual(written(isTTY, 100, 10), []);
  });

  it('is counted on a terminal, now and then, and leaves nothing there', () => {
    const lines = written(true, 100, 20);
    assert.equal(lines[0], '\r\x1b[2KReading journals: 76 of 100 …');
    assert.equal(lines[1], '\r\x1b[2KReading journals: 86 of 100 …');
    assert.deepEqual([lines.length, lines.at(-1)], [4, '\r\x1b[2K']);
  });

  it('is told of once elsewhere', () => {
    assert.deepEqual(written(false, 1000, 10), [
      'Reading the journals of up to 1000 runs; the next time they are known …\n',
    ]);
  });
});
