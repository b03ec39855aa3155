import assert from 'node:assert/strict';
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOfRun, makeRunsFolder, runFiles, runIds } from '../../src/journal/folder.ts';
import { removeOld } from '../../src/journal/keep.ts';
import { eventsFile, scratch } from './scratch.ts';

const state = scratch();

/** Makes a run whose last event is so many days old. */
function makeRun(id: string, days: number, isOver = true): void {
  mkdirSync(folderOfRun(state(), id));
  writeFileSync(eventsFile(state(), id), '');
  if (isOver) writeFileSync(join(folderOfRun(state(), id), runFiles.hash), '');
  const then = Date.now() / 1000 - days * 24 * 3600;
  utimesSync(eventsFile(state(), id), then, then);
}

describe('old runs', () => {
  beforeEach(() => makeRunsFolder(state()));

  it('are removed by their age', () => {
    for (const [at, days] of [30, 11, 9, 0].entries()) makeRun(`0000${at}`, days);
    removeOld(state(), { days: 10, runs: 100 });
    assert.deepEqual(runIds(state()), ['00002', '00003']);
  });

  it('are removed where there are newer ones enough', () => {
    for (const [at, days] of [4, 3, 2, 1].entries()) makeRun(`0000${at}`, days);
    removeOld(state(), { days: 10, runs: 3 });
    assert.deepEqual(runIds(state()), ['00001', '00002', '00003']);
  });

  it('stay while they may go on: without an end, and not silent for a week', () => {
    makeRun('00000', 6, false);
    makeRun('00001', 8, false);
    makeRun('00002', 0);
    removeOld(state(), { days: 1, runs: 1 });
    assert.deepEqual(runIds(state()), ['00000', '00002']);
  });

  it('are removed where they never wrote an event, but not while they begin', () => {
    for (const id of ['00000', '00001']) mkdirSync(folderOfRun(state(), id));
    const longAgo = Date.now() / 1000 - 30 * 24 * 3600;
    utimesSync(folderOfRun(state(), '00000'), longAgo, longAgo);
    removeOld(state(), { days: 1, runs: 1 });
    assert.deepEqual(runIds(state()), ['00001']);
  });

  it('are all that is removed', () => {
    mkdirSync(folderOfRun(state(), 'notes'));
    makeRun('00000', 30);
    removeOld(state(), { days: 1, runs: 1 });
    assert.ok(existsSync(folderOfRun(state(), 'notes')));
    assert.deepEqual(runIds(state()), []);
  });
});
