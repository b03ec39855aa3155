import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { processMark } from '../../src/journal/process-mark.ts';

describe('the mark of a process', () => {
  it('is gone once the process has ended, also where its parent does not ask how', async () => {
    const parent = spawn('sh', ['-c', 'sleep 1 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [id] = (await once(parent.stdout, 'data')) as [Buffer];
      assert.ok(processMark(Number(id)));
      for (let tries = 0; processMark(Number(id)) && tries < 100; tries += 1) await setTimeout(50);
      assert.equal(processMark(Number(id)), undefined);
    } finally {
      parent.kill();
    }
  }).timeout(10_000);
});
