import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createStream } from '../../src/events/stream.ts';
import type { JournalFault } from '../../src/journal/errors.ts';
import { makeRunsFolder } from '../../src/journal/folder.ts';
import { readJournal } from '../../src/journal/read.ts';
import { openJournal } from '../../src/journal/write.ts';
import { about } from '../run/about.ts';
import { loopDisks } from './loop-disks.ts';

const disks = loopDisks(['mkfs.ext4', 'fsfreeze']);
const patience = { word: 0.2, limit: 1 };

describe('a journal on a disk that does not answer', function () {
  this.timeout(60_000);
  let state: string;
  const said: string[] = [];
  const faults: JournalFault[] = [];
  const watcher = {
    onSlow: (text: string) => void said.push(text),
    onFault: (fault: JournalFault) => void faults.push(fault),
  };

  beforeEach(() => {
    const { device } = disks.disk('silent', 2 ** 26);
    state = join(disks.directory, 'state');
    mkdirSync(state, { recursive: true });
    execFileSync('mkfs.ext4', ['-q', device]);
    execFileSync('mount', [device, state]);
    chmodSync(state, 0o700);
    makeRunsFolder(state);
    said.length = 0;
    faults.length = 0;
  });
  afterEach(async () => {
    spawnSync('fsfreeze', ['--unfreeze', state]);
    // What was given up is written and closed now.
    for (let turn = 0; turn < 50 && spawnSync('umount', [state]).status !== 0; turn++) await setTimeout(100);
  });

  /** A journal that has the beginning of a run. */
  async function begun(limits = patience) {
    const journal = await openJournal(state, watcher, limits);
    const { emit, kept } = createStream([journal.read], text => text, journal.kept);
    emit({ type: 'run.started', version: 1, check: false, hosts: [], plays: [], ...about });
    await kept();
    return { emit, kept, journal };
  }

  it('waits with a word, and goes on when it answers', async () => {
    const { emit, kept, journal } = await begun({ word: 0.2, limit: 30 });
    execFileSync('fsfreeze', ['--freeze', state]);
    emit({ type: 'message', level: 'info', text: 'while it was silent' });
    const waiting = kept();
    await setTimeout(1000);
    execFileSync('fsfreeze', ['--unfreeze', state]);
    await waiting;
    emit({ type: 'run.finished', exitCode: 0, seconds: 1, hosts: {} });
    await journal.close();
    assert.deepEqual(said, [
      `Waiting for the disk of ${join(state, 'runs', journal.id)}, which does not answer, for up to 30 s.`,
    ]);
    assert.deepEqual(faults, []);
    assert.deepEqual(await readJournal(state, journal.id, () => undefined), { cut: false, edited: false });
  });

  it('is given up at a limit, and nothing waits for it after that', async () => {
    const { emit, kept, journal } = await begun();
    execFileSync('fsfreeze', ['--freeze', state]);
    emit({ type: 'message', level: 'info', text: 'while it was silent' });
    await assert.rejects(kept(), { code: 'journal.fault', exitCode: 8 });
    emit({ type: 'message', level: 'info', text: 'after that' });
    await assert.rejects(kept(), { code: 'journal.fault' });
    await journal.close();
    assert.equal(faults.length, 1);
    assert.match(faults[0]?.message ?? '', /cannot be written in .*: its disk has not answered for 1 s$/);
    execFileSync('fsfreeze', ['--unfreeze', state]);
    assert.deepEqual(await readJournal(state, journal.id, () => undefined), { cut: true, edited: false });
  });
});
