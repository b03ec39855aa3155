import assert from 'node:assert/strict';
import type { NumberedEvent, RunEvent, TaskResult } from '../../src/events/event.ts';
import { emptyCounts } from '../../src/events/reduce.ts';
import { createStream } from '../../src/events/stream.ts';
import { jsonlReporter } from '../../src/reporters/jsonl.ts';
import { linesReporter } from '../../src/reporters/lines.ts';
import type { Reporter, ReporterOptions } from '../../src/reporters/reporter.ts';
import { about } from '../run/about.ts';

const named = (name: string, more = {}) => ({
  id: name,
  name,
  module: 'copy',
  handler: false,
  at: 'site.yml:7',
  ...more,
});

function result(status: TaskResult['status'], message: string, more: Partial<TaskResult> = {}): TaskResult {
  return { status, message, changed: status === 'changed', diff: [], pending: [], fields: {}, ...more };
}

const counts = { ...emptyCounts, ok: 2, changed: 1, failed: 1, pending: 1 };
const reboot = { kind: 'reboot', reason: 'the kernel runs without hugepages' } as const;

const story: readonly RunEvent[] = [
  { type: 'run.started', version: 1, ...about, plays: [], title: 'site.yml', check: false, hosts: ['hv1', 'hv2'] },
  { type: 'play.started', play: 'Tune', hosts: ['hv1', 'hv2'], tasks: 3 },
  { type: 'batch.started', play: 'Tune', hosts: ['hv1', 'hv2'], batch: 1, of: 2 },
  { type: 'task.started', host: 'hv1', task: named('Write it'), place: '0/0' },
  {
    type: 'task.finished',
    host: 'hv1',
    task: named('Write it', { role: 'motd' }),
    place: '0/0',
    result: result('changed', 'differs', { diff: [{ subject: '/etc/motd', before: 'a\nb\n', after: 'a\nc\n' }] }),
    seconds: 1,
  },
  {
    type: 'task.finished',
    host: 'hv1',
    task: named('Not here'),
    place: '0/0',
    result: result('skipped', 'condition not met: x'),
    seconds: 0,
  },
  {
    type: 'item.finished',
    host: 'hv1',
    task: named('Loop'),
    place: '0/0',
    index: 0,
    item: 'a',
    result: result('ok', 'is right'),
  },
  {
    type: 'task.finished',
    host: 'hv1',
    task: named('Restart', { handler: true }),
    place: '0/0',
    result: result('failed', 'it left with 1\nsecond line', {
      hint: 'Look at the log.',
      fields: { stderr: 'boom\n' },
      pending: [reboot],
    }),
    seconds: 0,
  },
  { type: 'host.unreachable', host: 'hv2', message: 'refused', hint: 'Is sshd up?' },
  { type: 'task.retrying', host: 'hv1', task: named('Wait'), attempt: 1, of: 4 },
  { type: 'host.stopped', host: 'hv1', reason: 'hv2 has failed: refused' },
  { type: 'message', level: 'warning', host: 'hv1', text: 'careful' },
  { type: 'host.finished', host: 'hv1', counts, pending: [reboot], owed: [named('Restart')], roundTrips: 4 },
  {
    type: 'host.finished',
    host: 'hv2',
    counts: { ...emptyCounts, unreachable: 1 },
    pending: [],
    owed: [],
    roundTrips: 0,
  },
  { type: 'run.finished', exitCode: 6, seconds: 1.25, hosts: {} },
];

const evil = 'a\u001b[2Jb\rc\u0007\u009b1m';

/** A run in which every text is one that would rewrite the terminal. */
const evilStory: readonly RunEvent[] = [
  { type: 'play.started', play: evil, hosts: ['h'], tasks: 1 },
  {
    type: 'item.finished',
    host: 'h',
    task: named(evil, { role: evil }),
    place: '0/0',
    index: 0,
    item: evil,
    result: result('ok', evil),
  },
  {
    type: 'task.finished',
    host: 'h',
    task: named(evil),
    place: '0/0',
    result: result('failed', `x\n${evil}`, {
      hint: evil,
      fields: { stdout: evil, stderr: evil },
      pending: [{ ...reboot, reason: evil }],
      diff: [{ subject: evil, before: evil, after: `${evil}!` }],
    }),
    seconds: 0,
  },
  { type: 'host.unreachable', host: 'h', message: evil, hint: evil },
  { type: 'host.failed', host: 'h', message: `${evil}\n${evil}` },
  { type: 'message', level: 'info', text: evil },
  {
    type: 'host.finished',
    host: 'h',
    counts,
    pending: [{ ...reboot, reason: evil }],
    owed: [named(evil)],
    roundTrips: 1,
  },
  { type: 'run.finished', exitCode: 0, seconds: 0, hosts: {} },
];

async function show(
  make: (options: ReporterOptions) => Reporter,
  events: readonly RunEvent[],
  more: Partial<ReporterOptions> = {},
): Promise<string> {
  let text = '';
  const write = (part: string) => {
    text += part;
  };
  const { read, close } = make({ write, colors: false, diff: false, verbosity: 0, check: false, ...more });
  const { emit } = createStream([read], part => part);
  for (const event of events) emit(event);
  await close();
  return text;
}

describe('the lines reporter', () => {
  it('tells what happens, as it happens, and the recap', async () => {
    assert.equal(
      await show(linesReporter, story, { diff: true }),
      `PLAY Tune (2 hosts)
BATCH 1 of 2: hv1, hv2
hv1  changed  motd: Write it — differs
      --- /etc/motd (before)
      +++ /etc/motd (after)
      @@ -1,2 +1,2 @@
       a
      -b
      +c
hv1  ok       Loop [a] — is right
hv1  failed   handler Restart — it left with 1
      second line
      Look at the log.
      at site.yml:7
      pending reboot: the kernel runs without hugepages
hv2  unreachable — refused
      Is sshd up?
hv1  again    Wait — attempt 1 of 4 failed, trying again
hv1  stopped  — hv2 has failed: refused
hv1  warning: careful
RECAP (1.3 s)
hv1 : ok=2  changed=1  unreachable=0  failed=1  pending=1
      pending reboot: the kernel runs without hugepages
      handlers that did not run: Restart
hv2 : ok=0  changed=0  unreachable=1  failed=0
failed on 1 of 2: hv1 — handler Restart: it left with 1
      second line
      Look at the log.
      at site.yml:7
unreachable on 1 of 2: hv2 — refused
      Is sshd up?
Next: run the same command again
`,
    );
  });

  it('says more when asked: what was skipped and what commands printed', async () => {
    const text = await show(linesReporter, story, { verbosity: 1 });
    assert.match(text, /hv1 {2}skipped {2}Not here — condition not met: x\n/);
    assert.match(text, /\n {6}stderr: boom\n/);
  });

  it('shows control characters instead of sending them to the terminal', async () => {
    const text = await show(linesReporter, evilStory, { verbosity: 2, diff: true });
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    assert.match(text, /a\\x1b\[2Jb\\x0dc\\x07\\x9b1m/);
  });

  it('cuts a long diff, and says how much is left', async () => {
    const after = Array.from({ length: 500 }, (_, at) => `line ${at}\n`).join('');
    const diff = [{ subject: 'f', before: '', after }];
    const event: RunEvent = {
      type: 'task.finished',
      host: 'h',
      task: named('t'),
      place: '0/0',
      result: result('changed', 'x', { diff }),
      seconds: 0,
    };
    const text = await show(linesReporter, [event], { diff: true });
    assert.match(text, /… \d+ more lines\n$/);
    assert.ok(text.split('\n').length < 220);
  });

  it('paints only where colours are wanted', async () => {
    assert.doesNotMatch(await show(linesReporter, story), /\u001b/);
    assert.match(await show(linesReporter, story, { colors: true }), /\u001b\[33mchanged/);
  });
});

describe('the jsonl reporter', () => {
  it('writes an event a line, the last with the counters of every host', async () => {
    const hosts = { hv1: counts };
    const text = await show(
      ({ write }) => jsonlReporter(write),
      [...story.slice(0, -1), { type: 'run.finished', exitCode: 6, seconds: 1, hosts }],
    );
    const events = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as NumberedEvent);
    assert.equal(events.length, story.length);
    const last = events.at(-1);
    assert.ok(last?.type === 'run.finished');
    assert.deepEqual(Object.keys(last.hosts.hv1!), [
      'ok',
      'changed',
      'unreachable',
      'failed',
      'skipped',
      'rescued',
      'ignored',
      'unknown',
      'lost',
      'pending',
    ]);
  });
});
