import assert from 'node:assert/strict';
import { appendFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { findRun } from '../../src/journal/find-run.ts';
import { findRuns, type RunFilter } from '../../src/journal/find-runs.ts';
import { folderOfRun, makeRunsFolder } from '../../src/journal/folder.ts';
import { processMark } from '../../src/journal/process-mark.ts';
import { finished, makeRun } from './made-run.ts';
import { eventsFile, scratch } from './scratch.ts';

const state = scratch();
const all = { limit: 100 };

async function idsOf(filter: Partial<RunFilter>): Promise<readonly string[]> {
  const { runs } = await findRuns(state(), { ...all, ...filter });
  return runs.map(({ id }) => id);
}

describe('recorded runs', () => {
  beforeEach(() => makeRunsFolder(state()));

  it('are none where nothing was recorded', async () => {
    assert.deepEqual(await findRuns(state(), all), { runs: [], unreadable: new Map() });
    assert.deepEqual(await findRuns(`${state()}/none`, all), { runs: [], unreadable: new Map() });
  });

  it('are found newest first, and so many as are wanted', async () => {
    for (const id of ['00001', '00003', '00002']) makeRun(state(), id);
    assert.deepEqual(await idsOf({}), ['00003', '00002', '00001']);
    assert.deepEqual(await idsOf({ limit: 2 }), ['00003', '00002']);
  });

  it('are found by host, role and module', async () => {
    makeRun(state(), '00001', { hosts: { hv1: {}, hv2: {} }, events: [finished('hv1', 'a', { role: 'motd' })] });
    makeRun(state(), '00002', { hosts: { hv3: {} }, events: [finished('hv3', 'a', { module: 'file' })] });
    assert.deepEqual(await idsOf({ host: 'hv2' }), ['00001']);
    assert.deepEqual(await idsOf({ host: 'hv*' }), ['00002', '00001']);
    assert.deepEqual(await idsOf({ host: 'hv' }), []);
    assert.deepEqual(await idsOf({ role: 'motd' }), ['00001']);
    assert.deepEqual(await idsOf({ module: 'file', host: 'hv3' }), ['00002']);
    assert.deepEqual(await idsOf({ module: 'file', role: 'motd' }), []);
  });

  it('are found by commit and by time', async () => {
    makeRun(state(), '00001', {
      time: '2026-01-01T10:00:00Z',
      origin: { commit: { id: 'a1'.repeat(20), clean: true } },
    });
    makeRun(state(), '00002', {
      time: '2026-01-02T10:00:00Z',
      origin: { commit: { id: 'b2'.repeat(20), clean: false } },
    });
    assert.deepEqual(await idsOf({ commit: 'A1A1' }), ['00001']);
    assert.deepEqual(await idsOf({ commit: 'dirty' }), ['00002']);
    assert.deepEqual(await idsOf({ since: Date.parse('2026-01-01T10:00:01Z') }), ['00002']);
    assert.deepEqual(await idsOf({ until: Date.parse('2026-01-02T10:00:00Z') }), ['00001']);
  });

  it('are found by how they ended', async () => {
    const here = { controller: hostname() };
    const endings = {
      ok: {},
      changed: { hosts: { h1: { ok: 1, changed: 1 } } },
      failed: { hosts: { h1: { failed: 1 }, h2: { unreachable: 1 } }, exitCode: 6 },
      unreachable: { hosts: { h1: { lost: 1 } }, exitCode: 4 },
      interrupted: { exitCode: 99 },
      defect: { exitCode: 250 },
      cut: { exitCode: undefined, origin: here },
      'under-way': { exitCode: undefined, origin: { ...here, process: processMark(process.pid)! } },
      unknown: { exitCode: undefined },
    } as const;
    for (const [at, made] of Object.values(endings).entries()) makeRun(state(), `0000${at}`, made);
    for (const [at, status] of Object.keys(endings).entries()) assert.deepEqual(await idsOf({ status }), [`0000${at}`]);
  });

  it('of check mode have changed nothing', async () => {
    makeRun(state(), '00001', { check: true, hosts: { h1: { changed: 1 } } });
    assert.deepEqual(await idsOf({ status: 'changed' }), []);
    assert.deepEqual(await idsOf({ status: 'check' }), ['00001']);
  });

  it('that cannot be read are told apart, and hide no other', async () => {
    for (const id of ['00001', '00002', '00003', '00004', '00005']) makeRun(state(), id);
    rmSync(eventsFile(state(), '00001'));
    truncateSync(eventsFile(state(), '00002'), 20);
    for (const [id, version] of [
      ['00003', 1],
      ['00004', 2],
    ] as const)
      writeFileSync(eventsFile(state(), id), `${JSON.stringify({ type: 'run.started', version, seq: 1 })}\n`);
    utimesSync(folderOfRun(state(), '00001'), 1, 1);
    const { runs, unreadable } = await findRuns(state(), all);
    assert.deepEqual(
      runs.map(({ id }) => id),
      ['00005'],
    );
    assert.deepEqual([...unreadable.keys()], ['00004', '00003', '00002', '00001']);
    assert.match(unreadable.get('00001')!, /cannot be read: ENOENT/);
    assert.match(unreadable.get('00002')!, /ended before its first event/);
    assert.match(unreadable.get('00003')!, /has events of another form/);
    assert.match(unreadable.get('00004')!, /has version 2/);
  });

  it('are passed over while they begin, and told of where they never did', async () => {
    for (const id of ['00001', '00002', '00003']) makeRun(state(), id);
    truncateSync(eventsFile(state(), '00002'), 0);
    rmSync(eventsFile(state(), '00003'));
    const found = await findRuns(state(), all);
    assert.deepEqual([found.runs.length, found.unreadable.size], [1, 0]);
    for (const id of ['00002', '00003']) utimesSync(folderOfRun(state(), id), 1, 1);
    assert.deepEqual([...(await findRuns(state(), all)).unreadable.keys()], ['00003', '00002']);
  });

  it('are counted as they are read, and not once the index has them', async () => {
    for (const id of ['00001', '00002', '00003']) makeRun(state(), id);
    const told: number[] = [];
    for (const _ of [1, 2]) await findRuns(state(), all, of => told.push(of));
    assert.deepEqual(told, [3, 3, 3]);
  });

  it('that were edited, or cut in the middle of a line, say so', async () => {
    for (const id of ['00001', '00002']) makeRun(state(), id, { origin: { controller: hostname() } });
    appendFileSync(eventsFile(state(), '00001'), ' ');
    makeRun(state(), '00003', { exitCode: undefined, origin: { controller: hostname() } });
    appendFileSync(eventsFile(state(), '00003'), '{"type": "task.fin');
    const { runs } = await findRuns(state(), all);
    assert.deepEqual(
      runs.map(({ id, status, cut, edited }) => [id, status, cut, edited]),
      [
        ['00003', 'cut', true, false],
        ['00002', 'ok', false, false],
        ['00001', 'ok', false, true],
      ],
    );
    assert.deepEqual(await idsOf({ status: 'edited' }), ['00001']);
  });
});

describe('one recorded run', () => {
  beforeEach(() => makeRunsFolder(state()));
  const refused = (name: string) => {
    try {
      findRun(state(), name);
    } catch (error) {
      const { message, hint, exitCode } = error as { message: string; hint?: string; exitCode: number };
      assert.equal(exitCode, 5);
      return `${message} ${hint}`;
    }
    throw new assert.AssertionError({ message: `"${name}" was found` });
  };

  it('is found by its id, the beginning of it, or as the last', () => {
    for (const id of ['a0001', 'a0002', 'b0001']) makeRun(state(), id);
    assert.equal(findRun(state(), 'a0001'), 'a0001');
    assert.equal(findRun(state(), 'b'), 'b0001');
    assert.equal(findRun(state(), 'last'), 'b0001');
    rmSync(folderOfRun(state(), 'b0001'), { recursive: true });
    assert.equal(findRun(state(), 'last'), 'a0002');
  });

  it('is refused with a hint where there is none, or several', () => {
    assert.match(refused('last'), /No run is recorded in .* --state/);
    for (const id of ['a0001', 'a0002']) makeRun(state(), id);
    assert.match(refused('a'), /Several runs begin with "a": a0001, a0002 … See "hostwright history"\./);
    assert.match(refused('zzz'), /There is no run "zzz"\. See "hostwright history"\./);
    assert.match(refused('a0003'), /Did you mean "a000[12]"\?/);
    assert.match(refused(''), /There is no run ""/);
  });
});
