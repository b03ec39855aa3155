import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chownSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { findRuns } from '../../src/journal/find-runs.ts';
import { folderOfRun, makeRunsFolder } from '../../src/journal/folder.ts';
import { makeRun } from './made-run.ts';
import { eventsFile, mounted, scratch, startScript } from './scratch.ts';

const state = scratch();
const index = () => join(state(), 'index.db');
const ids = async (folder = state()) => (await findRuns(folder, { limit: 100 })).runs.map(({ id }) => id);

/** The ids that the index has. */
function indexed(): readonly unknown[] {
  const database = new DatabaseSync(index(), { readOnly: true });
  const rows = database.prepare('SELECT id FROM runs ORDER BY id').all();
  database.close();
  return rows.map(({ id }) => id);
}

/** Changes what the index says of a run, to see whether it is asked. */
function mark(id: string): void {
  const database = new DatabaseSync(index());
  database.prepare("UPDATE runs SET entry = json_set(entry, '$.title', 'from the index') WHERE id = ?").run(id);
  database.close();
}

async function titles(): Promise<readonly string[]> {
  const { runs } = await findRuns(state(), { limit: 100 });
  return runs.map(({ title }) => title);
}

describe('the index of runs', function () {
  this.timeout(60_000);
  beforeEach(() => {
    makeRunsFolder(state());
    for (const id of ['00001', '00002']) makeRun(state(), id);
  });

  it('has each run that is over once it was read, for its user alone', async () => {
    makeRun(state(), '00003', { exitCode: undefined });
    assert.deepEqual(await ids(), ['00003', '00002', '00001']);
    assert.deepEqual(indexed(), ['00001', '00002']);
    assert.equal(statSync(index()).mode & 0o777, 0o600);
    mark('00002');
    assert.deepEqual(await titles(), ['site.yml', 'from the index', 'site.yml']);
  });

  it('is not asked about a run whose journal is not the same any more', async () => {
    await ids();
    for (const id of ['00001', '00002']) mark(id);
    appendFileSync(eventsFile(state(), '00001'), ' ');
    assert.deepEqual(await titles(), ['from the index', 'site.yml']);
  });

  it('forgets runs that were removed, and is made again where it was', async () => {
    await ids();
    rmSync(folderOfRun(state(), '00001'), { recursive: true });
    makeRun(state(), '00003');
    assert.deepEqual(await ids(), ['00003', '00002']);
    assert.deepEqual(indexed(), ['00002', '00003']);
    rmSync(index());
    assert.deepEqual(await ids(), ['00003', '00002']);
    assert.deepEqual(indexed(), ['00002', '00003']);
  });

  it('is made again where it is damaged, be it in its first bytes or later', async () => {
    const ways = [
      () => writeFileSync(index(), 'no database\n'.repeat(1000)),
      () => {
        const bytes = readFileSync(index());
        writeFileSync(index(), bytes.fill(7, 200));
      },
      () => writeFileSync(index(), readFileSync(index()).subarray(0, 5000)),
      () => writeFileSync(index(), ''),
    ];
    for (const damage of ways) {
      await ids();
      damage();
      for (const _ of ['that finds it', 'after it'])
        assert.deepEqual(await ids(), ['00002', '00001'], damage.toString());
      assert.deepEqual(indexed(), ['00001', '00002'], damage.toString());
    }
  });

  it('is made again where an older version has made it, and left to a newer one', async () => {
    await ids();
    const change = (version: number) => {
      const database = new DatabaseSync(index());
      database.exec(`DROP TABLE runs; CREATE TABLE runs (id); PRAGMA user_version = ${version}`);
      database.close();
    };
    change(0);
    assert.deepEqual(await ids(), ['00002', '00001']);
    assert.deepEqual(indexed(), ['00001', '00002']);
    change(2);
    assert.deepEqual(await ids(), ['00002', '00001']);
    assert.deepEqual(indexed(), []);
  });

  it('is done without while another process has it', async () => {
    await ids();
    mark('00002');
    const child = startScript(`
const { DatabaseSync } = await import('node:sqlite');
const database = new DatabaseSync(${JSON.stringify(index())});
database.exec('BEGIN EXCLUSIVE');
console.log('locked');
setInterval(() => database.isOpen, 1000);`);
    await once(child.stdout, 'data');
    const begun = Date.now();
    const meanwhile = await titles().finally(() => child.kill('SIGKILL'));
    assert.deepEqual(meanwhile, ['site.yml', 'site.yml']);
    assert.ok(Date.now() - begun < 2000);
    await once(child, 'close');
    assert.deepEqual(await titles(), ['from the index', 'site.yml']);
  });

  it('is done without where it cannot be written, or is not a file of this user', async () => {
    symlinkSync('/dev/full', index());
    assert.deepEqual(await ids(), ['00002', '00001']);
    rmSync(index());
    mkdirSync(index());
    assert.deepEqual(await ids(), ['00002', '00001']);
    rmSync(index(), { recursive: true });
    await ids();
    chownSync(index(), 65_534, 65_534);
    mark('00002');
    assert.deepEqual(await titles(), ['site.yml', 'site.yml']);
  });

  it('is done without on a file system that is read-only, or full', async () => {
    const disk = join(state(), 'disk');
    await mounted(disk, 'size=64k', async () => {
      makeRunsFolder(disk);
      makeRun(disk, '00001');
      execFileSync('sh', ['-c', `head -c 100k /dev/zero > ${disk}/full || true`], { stdio: 'ignore' });
      assert.deepEqual(await ids(disk), ['00001']);
      rmSync(join(disk, 'full'));
      execFileSync('mount', ['-o', 'remount,ro', disk]);
      assert.deepEqual(await ids(disk), ['00001']);
    });
  });

  it('is written by several at once', async () => {
    for (let at = 100; at < 160; at += 1) makeRun(state(), `00${at}`);
    const found = await Promise.all(Array.from({ length: 8 }, () => ids()));
    assert.deepEqual(
      found.map(({ length }) => length),
      Array.from({ length: 8 }, () => 62),
    );
    assert.equal(indexed().length, 62);
  });
});
