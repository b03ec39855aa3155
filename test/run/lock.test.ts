import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { sh } from '../../src/shell/quote.ts';
import { script } from '../../src/shell/script.ts';
import { play, temporaryFolder } from './engine.ts';
import { flagChanging, flagWith } from './flag-module.ts';

const { path } = temporaryFolder();
const slow = flagChanging('slow', ({ path: file, value }) => ({
  apply: script({ write: sh`touch ${`${file}.begun`}; sleep 1; printf %s ${value} >${file}` }),
}));
const task = (module: string, file: string) =>
  `- hosts: all\n  tasks:\n    - {name: it, ${module}: {path: ${path(file)}, value: new}}\n`;

describe('two runs at once', () => {
  it('do not work on the same host: the second is told who does, and changes nothing', async () => {
    const first = play(task('slow', 'a'), { modules: [slow], run: 'first' });
    await until(() => existsSync(path('a.begun')), first);
    const second = await play(task('flag', 'b'), { modules: [flagWith('flag')], run: 'second' });
    assert.equal(second.result('it').status, 'failed');
    assert.match(
      second.result('it').message,
      /^another run works on this host: someone@first \(process \d+ on the host\)$/,
    );
    assert.equal(second.result('it').changed, false);
    assert.equal(existsSync(path('b')), false);
    assert.equal((await first).result('it').status, 'changed');
  });

  it('may both look', async () => {
    const first = play(task('slow', 'a'), { modules: [slow], run: 'first' });
    await until(() => existsSync(path('a.begun')), first);
    const second = await play(task('flag', 'b'), { modules: [flagWith('flag')], run: 'second', check: true });
    assert.equal(second.exitCode, 0);
    await first;
  });

  it('know the shell that works: a lock whose holder is gone is taken again', async () => {
    // What an earlier task left prints: its shell is given up, and the next change runs in another.
    const holder =
      'holder=/run/hostwright.lock/holder; [ -w /run ] || holder=$(ls /run/lock/hostwright-*/holder /tmp/hostwright-*/holder 2>/dev/null | head -n 1)';
    const run = await play(`
- hosts: all
  tasks:
    - {name: leaves, shell: "( sleep 0.3; echo late ) &"}
    - {name: waits, pause: {seconds: 1}}
    - {name: looks, shell: {cmd: "true", reads: true}}
    - {name: who, shell: '${holder}; read -r _ pid _ <"$holder"; [ "$pid" = "$PPID" ] || [ "$pid" = $$ ] || grep -q "^PPid:.$pid$" /proc/$PPID/status'}
`);
    assert.equal(run.result('who').status, 'changed', run.result('who').message);
  });

  it('of one line have the host in their order: the earlier one does not get it back', async () => {
    const modules = [flagWith('flag')];
    const later = await play(task('flag', 'a'), { modules, run: 'later', line: { id: 'line', number: 2 } });
    assert.equal(later.result('it').status, 'changed');
    const earlier = await play(task('flag', 'b'), { modules, run: 'earlier', line: { id: 'line', number: 1 } });
    assert.equal(earlier.result('it').status, 'failed');
    assert.equal(earlier.result('it').message, 'a later run has continued this one on this host: someone@later');
    assert.equal(existsSync(path('b')), false);
  });

  it('leave no lock behind: the next takes the host', async () => {
    await play(task('flag', 'a'), { modules: [flagWith('flag')], run: 'first' });
    const next = await play(task('flag', 'b'), { modules: [flagWith('flag')], run: 'next' });
    assert.equal(next.result('it').status, 'changed');
  });
});

/** Waits for something that a run brings about; a run that is over brings nothing more. */
async function until(seen: () => boolean, run: Promise<unknown>): Promise<void> {
  let over = false;
  void run.finally(() => {
    over = true;
  });
  while (!seen() && !over) await new Promise(done => setTimeout(done, 20));
}
