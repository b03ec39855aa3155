import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { type Batch, batchesOf } from '../../scripts/tests/batches.ts';
import { runPool } from '../../scripts/tests/pool.ts';
import type { Suite } from '../../scripts/tests/suites.ts';

function suite(name: string, more: Partial<Suite> = {}): Suite {
  return { name, files: () => [], obstacle: () => undefined, atOnce: 2, ...more };
}

function batch(of: Suite, name: string, seconds: number): Batch {
  return { suite: of, files: [name], seconds };
}

/** Runs a batch only as far as it is told to, and keeps what runs. */
function stage() {
  const running = new Map<string, () => void>();
  const begun: string[] = [];
  async function run({ files: [name = ''] }: Batch): Promise<void> {
    begun.push(name);
    const { promise, resolve } = Promise.withResolvers<void>();
    running.set(name, resolve);
    await promise;
    running.delete(name);
  }
  async function end(name: string): Promise<void> {
    running.get(name)?.();
    await setImmediate();
  }
  return { begun, end, run };
}

const { signal } = new AbortController();
const noWait = new Map<Suite, Promise<void>>();

describe('the pool of test files', () => {
  it('begins with the longest, and runs as many as there are workers', async () => {
    const unit = suite('unit', { atOnce: 4 });
    const { begun, end, run } = stage();
    const all = runPool([batch(unit, 'short', 1), batch(unit, 'long', 9), batch(unit, 'middle', 5)], run, {
      ...{ workers: 2, ready: noWait, signal },
    });
    await setImmediate();
    assert.deepEqual(begun, ['long', 'middle']);
    await end('middle');
    assert.deepEqual(begun, ['long', 'middle', 'short']);
    await end('short');
    await end('long');
    await all;
  });

  it('runs no more of a suite than it allows, and others meanwhile', async () => {
    const [alone, unit] = [suite('sshd', { atOnce: 1 }), suite('unit')];
    const { begun, end, run } = stage();
    const batches = [batch(alone, 'one', 9), batch(alone, 'two', 8), batch(unit, 'other', 1)];
    const all = runPool(batches, run, { workers: 2, ready: noWait, signal });
    await setImmediate();
    assert.deepEqual(begun, ['one', 'other']);
    await end('other');
    assert.deepEqual(begun, ['one', 'other']);
    await end('one');
    assert.deepEqual(begun, ['one', 'other', 'two']);
    await end('two');
    await all;
  });

  it('lets a suite wait until its machines are there', async () => {
    const [lab, unit] = [suite('lab'), suite('unit')];
    const { begun, end, run } = stage();
    const built = Promise.withResolvers<void>();
    const batches = [batch(lab, 'reboots', 9), batch(unit, 'other', 1)];
    const all = runPool(batches, run, { workers: 2, ready: new Map([[lab, built.promise]]), signal });
    await setImmediate();
    await end('other');
    assert.deepEqual(begun, ['other']);
    built.resolve();
    await setImmediate();
    assert.deepEqual(begun, ['other', 'reboots']);
    await end('reboots');
    await all;
  });

  it('begins nothing more once it is interrupted', async () => {
    const unit = suite('unit');
    const interrupted = new AbortController();
    const { begun, end, run } = stage();
    const options = { workers: 1, ready: noWait, signal: interrupted.signal };
    const all = runPool([batch(unit, 'one', 2), batch(unit, 'two', 1)], run, options);
    await setImmediate();
    interrupted.abort();
    await end('one');
    await all;
    assert.deepEqual(begun, ['one']);
  });
});

describe('groups of test files', () => {
  const seconds = { a: 20, b: 7, c: 6, d: 1 };

  it('share a process while they are short', () => {
    const groups = batchesOf(suite('unit'), ['d', 'c', 'b', 'a'], seconds);
    assert.deepEqual(
      groups.map(({ files, seconds: total }) => [files, total]),
      [
        [['a'], 20],
        [['b', 'c'], 13],
        [['d'], 1],
      ],
    );
  });

  it('are single files where each takes minutes', () => {
    const groups = batchesOf(suite('lab', { fileByFile: true }), ['d', 'a'], seconds);
    assert.deepEqual(
      groups.map(({ files }) => files),
      [['a'], ['d']],
    );
  });
});
