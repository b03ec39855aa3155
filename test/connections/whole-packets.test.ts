import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { writeWholePackets } from '../../src/connections/ssh/whole-packets.ts';

/** A socket that notes what it is to write in one. */
function noting(): { readonly socket: Duplex; readonly writes: string[] } {
  const writes: string[] = [];
  const socket = new Duplex({
    read: () => undefined,
    write: (chunk, _encoding, done) => {
      writes.push(String(chunk));
      done();
    },
    writev: (chunks, done) => {
      writes.push(chunks.map(({ chunk }) => String(chunk)).join(''));
      done();
    },
  });
  writeWholePackets(socket);
  return { socket, writes };
}

describe('what ssh2 writes', () => {
  it('leaves in one, if it was written in one go', async () => {
    const { socket, writes } = noting();
    for (const part of ['length', 'text', 'tag']) socket.write(part);
    assert.deepEqual(writes, []);
    await new Promise(setImmediate);
    socket.write('more');
    await new Promise(setImmediate);
    assert.deepEqual(writes, ['lengthtexttag', 'more']);
  });

  it('tells when it is written, and is written before the end', async () => {
    const { socket, writes } = noting();
    const written = new Promise(done => socket.write('a', done));
    socket.end('b');
    await written;
    await new Promise(setImmediate);
    assert.deepEqual(writes.join(''), 'ab');
  });
});
