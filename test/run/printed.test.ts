import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { hearPrinted, type PrintedLines } from '../../src/run/task/printed.ts';
import { play } from './engine.ts';

/** What was told of a task's output, and when compared with its end. */
function outputsOf(events: Awaited<ReturnType<typeof play>>['events']) {
  return events.flatMap(event => (event.type === 'task.output' ? [{ stream: event.stream, text: event.text }] : []));
}

/** Tells all that is printed by these chunks before a second is over, and what comes at the end. */
async function told(chunks: readonly (string | Uint8Array)[], last = ''): Promise<readonly PrintedLines[]> {
  const lines: PrintedLines[] = [];
  const { heard, end } = hearPrinted(more => lines.push(more));
  for (const chunk of chunks) heard('stdout', Buffer.from(chunk));
  await setTimeout(1100);
  heard('stdout', Buffer.from(last));
  end();
  return lines;
}

describe('what a task prints while it is at work', function () {
  this.timeout(120_000);

  it('is told while it runs, by whole lines, and the rest at its end', async () => {
    const run = await play(`
- hosts: all
  tasks:
    - {name: slow, shell: "echo one; printf tw; sleep 1.5; echo o; echo wrong >&2; sleep 1.2; printf three"}
`);
    assert.deepEqual(outputsOf(run.events), [
      { stream: 'stdout', text: 'one' },
      { stream: 'stdout', text: 'two' },
      { stream: 'stderr', text: 'wrong' },
      { stream: 'stdout', text: 'three' },
    ]);
    assert.equal(run.result('slow').fields.stdout, 'one\ntwo\nthree');
    const types = run.events.map(({ type }) => type);
    assert.ok(types.lastIndexOf('task.output') < types.indexOf('task.finished'));
  });

  it('is not told of a task that is soon through, nor with no_log', async () => {
    const run = await play(`
- hosts: all
  tasks:
    - {name: short, shell: echo a}
    - {name: secret, shell: echo b; sleep 1.5; echo c, no_log: true}
`);
    assert.equal(run.exitCode, 0);
    assert.deepEqual(outputsOf(run.events), []);
  });

  it('masks a secret that is printed in two parts', async () => {
    const run = await play(
      `
- hosts: all
  tasks:
    - {name: it, shell: "echo begin; sleep 1.2; printf 'it is hun'; sleep 1.2; echo ter22; sleep 1.2"}
    `,
      { secrets: ['hunter22'] },
    );
    assert.deepEqual(
      outputsOf(run.events).map(({ text }) => text),
      ['begin', 'it is ***'],
    );
  });

  it('is more than is kept: the task says so, and nothing that looks decides by a part', async () => {
    const much = 'head -c 17000000 /dev/zero | tr "\\0" x; echo END';
    const run = await play(`
- hosts: all
  tasks:
    - {name: it, shell: ${JSON.stringify(much)}}
    - {name: look, shell: {cmd: ${JSON.stringify(much)}, reads: true}}
`);
    assert.match(run.result('it').message, /; 222788 bytes that it printed at the end were too many to keep$/);
    assert.equal(run.result('look').status, 'failed');
    assert.match(run.result('look').message, /It printed more than 16 MiB/);
  });

  it('is told of a job', async () => {
    const run = await play(`
- hosts: all
  tasks:
    - {name: job, shell: "echo one; sleep 2.5; echo two", async: 60, poll: 1}
`);
    assert.equal(run.result('job').fields.stdout, 'one\ntwo');
    assert.deepEqual(outputsOf(run.events)[0], { stream: 'stdout', text: 'one' });
  });
});

describe('the lines that a task prints', function () {
  this.timeout(120_000);

  it('are joined from chunks that cut them anywhere', async () => {
    const bytes = Buffer.from('größe\nzwei\n');
    const chunks = [...bytes].map(byte => Uint8Array.of(byte));
    assert.deepEqual(await told(chunks, 'drei'), [
      { stream: 'stdout', text: 'größe\nzwei', dropped: 0 },
      { stream: 'stdout', text: 'drei', dropped: 0 },
    ]);
  });

  it('are the last state of a line that is written over', async () => {
    assert.deepEqual(await told(['\r 10 %\r 20 %', '\r 30 %\r 4'], '0 %\r 99 %\rdone \r\n'), [
      { stream: 'stdout', text: ' 30 %', dropped: 0 },
      { stream: 'stdout', text: 'done ', dropped: 0 },
    ]);
  });

  it('are the latest where they are many', async () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => `line ${at}`);
    const [first] = await told([`${lines.join('\n')}\n`]);
    assert.ok(first);
    const kept = first.text.split('\n');
    assert.equal(kept.at(-1), 'line 19999');
    assert.equal(kept.length + first.dropped, lines.length);
    assert.ok(first.text.length > 60_000 && first.text.length < 80_000, `${first.text.length}`);
  });

  it('leave out a line that is too long, as a whole', async () => {
    const long = Array.from({ length: 40 }, () => 'x'.repeat(10_000));
    assert.deepEqual(await told([...long, 'y\nb\n']), [{ stream: 'stdout', text: 'b', dropped: 1 }]);
    const lost = { stream: 'stdout', text: '', dropped: 1 } as const;
    assert.deepEqual(await told(['a\n', ...long]), [lost, lost]);
  });
});
