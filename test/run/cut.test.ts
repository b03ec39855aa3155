import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { play } from './engine.ts';

describe('a run that is cut short', () => {
  it('connects to no host again, though a task has lost its connection by that', async () => {
    const pgrep = (...words: string[]) => spawnSync('pgrep', words, { encoding: 'utf8' }).stdout.trim();
    const cut = Promise.withResolvers<void>();
    const running = play('- hosts: all\n  tasks: [{name: it, command: sleep 33.875}]\n', { cut: cut.promise });
    try {
      const deadline = Date.now() + 10_000;
      while (pgrep('-fx', 'sleep 33.875') === '' && Date.now() < deadline) await setTimeout(20);
      // The shell of the task is there until its command has ended.
      const shells = pgrep('-P', String(process.pid));
      cut.resolve();
      assert.equal((await running).result('it').status, 'lost');
      for (let turn = 0; turn < 20; turn++) {
        await setTimeout(50);
        assert.equal(pgrep('-P', String(process.pid)), shells);
      }
    } finally {
      cut.resolve();
      spawnSync('pkill', ['-fx', 'sleep 33.875']);
    }
  });
});
