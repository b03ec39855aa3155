import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
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
    read(event(2));
    assert.deepEqual(writes, []);
    await first;
    assert.deepEqual(writes, ['{"seq":1}\n{"seq":2}\n']);
    read(event(3));
    await close();
    assert.deepEqual(writes.slice(1), ['{"seq":3}\n']);
  });

  it('loses nothing where the process ends before, and tells it before the defect that ends it', () => {
    const folder = JSON.stringify(`${join(import.meta.dirname, '../../src/reporters')}/`);
    const begin = `
      const { gathered } = await import(${folder} + 'gathered.ts');
      const { jsonlReporter } = await import(${folder} + 'jsonl.ts');
      process.on('uncaughtException', () => { process.stdout.write('DEFECT\\n'); process.exit(1); });
      gathered(process.stdout, jsonlReporter).read({ seq: 1 });`;
    const said = (end: string) =>
      spawnSync(process.execPath, ['--input-type=module', '-e', `${begin}\n${end}`], { encoding: 'utf8' }).stdout;
    assert.equal(said('process.exit(0);'), '{"seq":1}\n');
    assert.equal(said('setImmediate(() => { throw new Error(); });'), '{"seq":1}\nDEFECT\n');
  });
});
