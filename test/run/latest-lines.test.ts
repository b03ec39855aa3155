import assert from 'node:assert/strict';
import { createLatestLines } from '../../src/run/task/latest-lines.ts';

const room = 2 * 64 * 1024;

describe('the latest lines of a stream', () => {
  const floods = {
    'empty lines': '\n',
    'lines that are written over by nothing': '\r\n',
    'states of one line': '\r 10 % of it',
    'short lines': 'y\n',
    'one line': 'x',
    'lines behind much that is written over': `${'#'.repeat(60_000)}\rthe last state of it\n`,
  };
  for (const [name, piece] of Object.entries(floods)) {
    it(`take no more room than they have, whatever comes: ${name}`, () => {
      const lines = createLatestLines();
      assert.equal(lines.held(), 0);
      const chunk = Buffer.from(piece.repeat(Math.ceil(100_000 / piece.length)));
      for (let count = 0; count < 200; count += 1) lines.add(chunk);
      assert.equal(lines.held(), room);
      lines.end();
      const taken = lines.take();
      const letters = taken.lines.reduce((sum, line) => sum + line.length + 1, 0);
      assert.ok(letters <= room / 2, `${letters}`);
      const all = 200 * chunk.toString().split('\n').length - 200 + (piece.endsWith('\n') ? 0 : 1);
      assert.equal(taken.lines.length + taken.dropped, all);
    });
  }

  it('are whole, whatever cuts them: a line that has lost its beginning is dropped', () => {
    const lines = createLatestLines();
    lines.add(Buffer.from(`secret-${'x'.repeat(room)}-tail\nnext\n`));
    assert.deepEqual(lines.take(), { lines: ['next'], dropped: 1 });
    lines.add(Buffer.from(`secret-${'x'.repeat(room)}\rstate\nnext\npart`));
    assert.deepEqual(lines.take(), { lines: ['state', 'next'], dropped: 0 });
    lines.add(Buffer.from(' of it\n'));
    assert.deepEqual(lines.take(), { lines: ['part of it'], dropped: 0 });
  });

  it('do not cut letters of several bytes', () => {
    const lines = createLatestLines();
    const bytes = Buffer.from('größe\rgrün\n');
    for (const byte of bytes) lines.add(Uint8Array.of(byte));
    assert.deepEqual(lines.take().lines, ['grün']);
  });
});
