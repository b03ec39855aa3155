import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Outcome, runMocha } from '../../scripts/tests/mocha.ts';
import type { Suite } from '../../scripts/tests/suites.ts';

const suite: Suite = { name: 'sample', files: () => [], obstacle: () => undefined, atOnce: 1 };

describe('a process of mocha', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hw-sample-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function outcome(text: string): Promise<Outcome> {
    const file = join(folder, 'sample.test.js');
    writeFileSync(file, text);
    const { signal } = new AbortController();
    return await runMocha({ suite, files: [file], seconds: 1 }, { grep: undefined, signal });
  }

  it('is counted by its tests, with the reason of a failure', async () => {
    const text = `describe('a', () => { it('b', () => {}); it('c', () => {
      throw new Error('round', { cause: new Error('flat') }); }); });`;
    const { failed, failures, passed } = await outcome(text);
    assert.deepEqual([passed, failed], [1, 1]);
    assert.deepEqual([failures[0]?.title, failures[0]?.message], ['a c', 'round\nCaused by: flat']);
  });

  it('is a failure where it ends badly though all its tests have passed', async () => {
    const text = `process.on('exit', () => process.exit(3)); describe('a', () => it('b', () => {}));`;
    const { failed, failures, passed } = await outcome(text);
    assert.deepEqual([passed, failed], [1, 1]);
    assert.match(failures[0]?.message ?? '', /exit code 3/);
  });

  it('is not waited for by what it has left behind', async () => {
    const left = `require('node:child_process').spawn('sleep', ['60'], { detached: true, stdio: 'inherit' }).unref();`;
    const { failed, passed } = await outcome(`describe('a', () => it('b', () => { ${left} }));`);
    assert.deepEqual([passed, failed], [1, 0]);
  });

  it('is a failure where a file does not load', async () => {
    const { failed, output, passed } = await outcome('this is not JavaScript');
    assert.deepEqual([passed, failed], [0, 1]);
    assert.match(output, /SyntaxError/);
  });
});
