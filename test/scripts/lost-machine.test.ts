import assert from 'node:assert/strict';
import { lostMachine } from '../../scripts/tests/lost-machine.ts';
import type { Outcome } from '../../scripts/tests/mocha.ts';

function failed(...messages: readonly string[]): Outcome {
  const suite = { name: 'lab', files: () => [], obstacle: () => undefined, atOnce: 1 };
  const batch = { suite, files: ['test/lab/full.test.ts'], seconds: 0 };
  const failures = messages.map(message => ({ title: 'x', file: 'test/lab/full.test.ts', message }));
  return { batch, passed: 0, failed: failures.length, skipped: 0, failures, seconds: {}, output: '' };
}

describe('a machine that was lost', () => {
  const console = 'The VM runs; the last line of its console: login:';

  it('is told from what is tested on it', () => {
    assert.equal(lostMachine(failed('1 !== 2', `exit code 255 from: true\n${console}\n`)), console);
    const full = 'QEMU has stopped the VM (io-error: a disk failed: is this machine full?)';
    assert.equal(lostMachine(failed(full)), full);
    for (const message of ['1 !== 2', "The VM's kernel gave up: Kernel panic - not syncing", 'The VM has ended']) {
      assert.equal(lostMachine(failed(message)), undefined);
    }
    assert.equal(lostMachine(failed()), undefined);
  });
});
