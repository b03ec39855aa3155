import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { execute } from '../lab/execute.ts';
import { withLock } from '../lab/lock.ts';
import { showProgress } from '../lab/progress.ts';
import { within } from '../lab/within.ts';

/** A stream that keeps what is written: a terminal or a file. */
function output(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 40 });
  let text = '';
  stream.on('data', chunk => {
    text += chunk;
  });
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => text };
}

describe('progress', () => {
  it('is a line now and then where the output is not a terminal: which step, how long, what it is at', async () => {
    const { stream, text } = output(false);
    const progress = showProgress(stream, 20);
    progress.step('boot the machine', () => 'Loading initial ramdisk');
    await setTimeout(100);
    progress.end();
    const lines = text().trimEnd().split('\n');
    assert.ok(lines.length >= 3, text());
    assert.equal(lines[0], '… boot the machine (0 s): Loading initial ramdisk');
    assert.equal(lines.at(-1), '✓ boot the machine (0 s)');
  });

  it('stays within one line of a terminal', () => {
    const { stream, text } = output(true);
    const progress = showProgress(stream);
    progress.step('boot the machine', () => 'x'.repeat(200));
    progress.end();
    const [shown = ''] = text().split('\r\x1b[K').filter(Boolean);
    assert.ok(shown.length < 40, shown);
  });

  it('says the same thing once', () => {
    const { stream, text } = output(false);
    const progress = showProgress(stream);
    progress.say('KVM does not work here');
    progress.say('KVM does not work here');
    assert.equal(text(), 'KVM does not work here\n');
  });
});

describe('a wait', () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'hw-wait-'));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  it('for an answer ends at its limit and says what for', async () => {
    const never = new Promise<void>(() => {});
    await assert.rejects(within(20, 'the moon', never), /Waited 0 s for the moon, and gave up/);
    assert.equal(await within(5000, 'the sun', Promise.resolve('up')), 'up');
  });

  it('for a program ends it at its limit', async () => {
    await assert.rejects(execute('sleep', ['30'], { limit: 100 }), /sleep 30 has not ended within 0 s/);
  });

  it('for a lock that somebody holds is told, and ends at its limit', async () => {
    const lock = join(directory, 'lock');
    const waits: string[] = [];
    const wait = (limit: number) => ({ limit, onWait: () => waits.push('waits') });
    await withLock(lock, wait(5000), async () => {
      await assert.rejects(
        withLock(lock, wait(2000), async () => {}),
        /could not be taken: another program has held it/,
      );
    });
    assert.deepEqual(waits, ['waits']);
    assert.equal(await withLock(lock, wait(5000), async () => 'free again'), 'free again');
  });

  it('for a lock ends with an error where its folder does not exist', async () => {
    const wait = { limit: 1000, onWait: () => {} };
    await assert.rejects(
      withLock(join(directory, 'no/such'), wait, async () => {}),
      /could not be taken: flock ended/,
    );
  });
});
