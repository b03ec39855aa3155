import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import type { NumberedEvent } from '../../src/events/event.ts';
import { gathered } from '../../src/reporters/gathered.ts';
import { jsonlReporter } from '../../src/reporters/jsonl.ts';

const event = (seq: number) => ({ seq }) as unknown as NumberedEvent;

describe('a reporter whose writes are gathered', () => {
  it('writes what comes in one moment in one, and the rest when it is closed', async () => {
    const writes: string[] = [];
    let written = (): void => undefined;
    const stream = new Writable({
      write: (chunk, _encoding, done) => {
        writes.push(String(chunk));
        written();
        done();
      },
    });
    const { close, read } = gathered(stream, jsonlReporter);
    const first = new Promise<void>(done => {
      written = done;
    });
    read(event(1));
    await new Promise(setImmediate);
    read(event(2));
    assert.deepEqual(writes, []);
    await first;
    assert.deepEqual(writes, ['{"seq":1}\n{"seq":2}\n']);
    read(event(3));
    await close();
    assert.deepEqual(writes.slice(1), ['{"seq":3}\n']);
  });
});
