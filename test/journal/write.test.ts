import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { NumberedEvent } from '../../src/events/event.ts';
import { createStream } from '../../src/events/stream.ts';
import type { JournalFault } from '../../src/journal/errors.ts';
import { folderOfRun, hashKey, makeRunsFolder, runFiles, runIds } from '../../src/journal/folder.ts';
import { readJournal } from '../../src/journal/read.ts';
import { openJournal } from '../../src/journal/write.ts';
import { about } from '../run/about.ts';
import { eventsFile, eventsIn, mounted, scratch, startScript } from './scratch.ts';

const state = scratch();

const watcher = {
  onSlow: (text: string): void => assert.fail(text),
  onFault: (fault: Error): void => {
    throw fault;
  },
};

describe('a journal', function () {
  this.timeout(60_000);
  beforeEach(() => makeRunsFolder(state()));

  it('has what was told on disk once it is kept, in its order', async () => {
    const journal = await openJournal(state(), watcher);
    const { emit, kept } = createStream([journal.read], text => text, journal.kept);
    for (const host of ['h1', 'h2', 'h3']) {
      emit({ type: 'message', level: 'info', host, text: 'a\nline' });
      await kept();
      assert.equal((eventsIn(state(), journal.id).at(-1) as { host?: string }).host, host);
    }
    emit({ type: 'message', level: 'info', text: 'not waited for' });
    await journal.close();
    assert.deepEqual(
      eventsIn(state(), journal.id).map(({ seq }) => seq),
      [1, 2, 3, 4],
    );
  });

  it('is for its user alone, and gives back the space that it kept free', async () => {
    const journal = await openJournal(state(), watcher);
    const folder = folderOfRun(state(), journal.id);
    assert.equal(statSync(join(folder, runFiles.room)).size, 256 * 1024);
    await journal.close();
    assert.deepEqual(readdirSync(folder).toSorted(), [runFiles.events, runFiles.hash]);
    const modes = [folder, ...readdirSync(folder).map(name => join(folder, name))].map(path => statSync(path).mode);
    assert.deepEqual(
      modes.map(mode => (mode & 0o777).toString(8)),
      ['700', '600', '600'],
    );
  });

  it('is sealed when it ends: what is changed later is seen', async () => {
    const journal = await openJournal(state(), watcher);
    const { emit } = createStream([journal.read], text => text);
    emit({ type: 'run.started', version: 1, check: false, hosts: [], plays: [], ...about });
    emit({ type: 'run.finished', exitCode: 0, seconds: 1, hosts: {} });
    await journal.close();
    const read: NumberedEvent[] = [];
    const condition = await readJournal(state(), journal.id, event => read.push(event));
    assert.deepEqual(condition, { cut: false, edited: false });
    assert.deepEqual(
      read.map(({ type }) => type),
      ['run.started', 'run.finished'],
    );
    assert.match(
      readFileSync(join(folderOfRun(state(), journal.id), runFiles.hash), 'utf8'),
      /^\S{64} {2}events\.jsonl\n$/,
    );
  });

  it('has an id and a folder of its own, also where several processes begin at once', async () => {
    const code = `
const ids = [];
for (let count = 0; count < 15; count += 1) {
  const { id, close } = await journal.openJournal(${JSON.stringify(state())}, { onFault() {}, onSlow() {} });
  await close();
  ids.push(id);
}
console.log(ids.join(' '));`;
    const outputs = await Promise.all([code, code, code].map(each => text(startScript(each).stdout)));
    const ids = outputs.flatMap(output => output.trim().split(' '));
    assert.equal(ids.length, 45);
    assert.deepEqual(ids.toSorted(), runIds(state()));
  });

  it('has the whole line of what was kept when its process is killed', async () => {
    const big = 'x'.repeat(300_000);
    const child = startScript(`
const { id, read, kept } = await journal.openJournal(${JSON.stringify(state())}, { onFault() {}, onSlow() {} });
for (let seq = 1; seq <= 20; seq += 1) read({ type: 'message', text: '${'x'.repeat(10)}'.repeat(30_000), seq });
await kept();
console.log(id);
for (let seq = 21; ; seq += 1) {
  read({ type: 'message', text: 'not kept', seq });
  await new Promise(resolve => setImmediate(resolve));
}`);
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
    child.kill('SIGKILL');
    await once(child, 'close');
    const id = chunk.toString().trim();
    const lines = readFileSync(eventsFile(state(), id), 'utf8').split('\n').slice(0, 20);
    assert.deepEqual(
      lines.map(line => JSON.parse(line)),
      Array.from({ length: 20 }, (_, at) => ({ type: 'message', text: big, seq: at + 1 })),
    );
    assert.ok(!existsSync(join(folderOfRun(state(), id), runFiles.hash)));
  });
});

describe('a journal on a disk that is full', () => {
  it('ends in the middle, which is not taken for an edit', async () => {
    await mounted(state(), 'size=512k', async () => {
      makeRunsFolder(state());
      const faults: JournalFault[] = [];
      const journal = await openJournal(state(), { ...watcher, onFault: fault => faults.push(fault) });
      const { emit, kept } = createStream([journal.read], text => text, journal.kept);
      emit({ type: 'run.started', version: 1, check: false, hosts: [], plays: [], ...about });
      await kept();
      emit({ type: 'message', level: 'info', text: 'x'.repeat(2 ** 20) });
      await assert.rejects(kept(), { code: 'journal.fault', exitCode: 8 });
      emit({ type: 'run.finished', exitCode: 99, seconds: 1, hosts: {} });
      await assert.rejects(kept());
      await journal.close();
      assert.equal(faults.length, 1);
      assert.match(`${faults[0]?.message} ${faults[0]?.hint}`, /ENOSPC.* Make room/);
      assert.deepEqual(await readJournal(state(), journal.id, () => undefined), { cut: true, edited: false });
    });
  });
});

describe('the key of hashes', function () {
  this.timeout(60_000);

  it('is made once, also by processes that begin at once', async () => {
    makeRunsFolder(state());
    const code = `console.log(journal.hashKey(${JSON.stringify(state())}).toString('hex'));`;
    const keys = await Promise.all([1, 2, 3, 4].map(() => text(startScript(code).stdout)));
    assert.equal(new Set(keys).size, 1);
    assert.equal(`${hashKey(state()).toString('hex')}\n`, keys[0]);
    assert.equal(hashKey(state()).length, 32);
    assert.deepEqual(readdirSync(state()).toSorted(), ['key', 'runs']);
    assert.equal(statSync(join(state(), 'key')).mode & 0o777, 0o600);
  });
});
