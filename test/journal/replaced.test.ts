import assert from 'node:assert/strict';
import type { RunEvent } from '../../src/events/event.ts';
import type { Replaced, ReplacedFile } from '../../src/events/result.ts';
import { readReplaced } from '../../src/journal/replaced.ts';
import { finished, makeRun } from './made-run.ts';
import { scratch } from './scratch.ts';

const file = (path: string, kept: string, after: string): ReplacedFile => ({
  kind: 'file',
  path,
  kept,
  after,
  size: 4,
  mode: '0644',
  uid: 0,
  gid: 0,
});

/** The end of a task that failed. */
function failed(host: string, task: string): RunEvent {
  const end = finished(host, task);
  return { ...end, result: { ...end.result, status: 'failed' } };
}

function changing(host: string, task: string, replaces: readonly Replaced[], more: object = {}): RunEvent {
  const { task: name, place } = finished(host, task);
  return { type: 'task.changing', host, task: name, place, replaces, ...more };
}

/** The end of a task that gives the hash of a domain's definition. */
function defined(host: string, task: string, definition: string): RunEvent {
  const end = finished(host, task);
  return { ...end, result: { ...end.result, fields: { definition } } };
}

describe('what a recorded run replaced', () => {
  const state = scratch();

  /** What it has of the events of a run: subjects, and of each host what was and what was left. */
  async function read(events: readonly RunEvent[], exitCode?: number) {
    const id = exitCode === undefined ? 'cut' : 'whole';
    makeRun(state(), id, { events, exitCode });
    const found = await readReplaced(state(), id);
    return found.map(({ number, subject, hosts }) => ({
      number,
      subject,
      hosts: [...hosts].map(([host, { was, left }]) => [host, was.kind === 'file' ? was.kept : was.kind, left]),
    }));
  }

  it('is numbered by task and path, and knows what the last task left', async () => {
    const events = [
      changing('h1', 'one', [file('/a', 'a1', 'second')]),
      changing('h2', 'one', [file('/a', 'a2', 'second')]),
      finished('h1', 'one'),
      finished('h2', 'one'),
      changing('h1', 'two', [file('/a', 'a3', 'third'), file('/b', 'b1', 'new')]),
      finished('h1', 'two'),
    ];
    assert.deepEqual(await read(events, 0), [
      {
        number: 1,
        subject: '/a',
        hosts: [
          ['h1', 'a1', ['third']],
          ['h2', 'a2', ['second']],
        ],
      },
      { number: 2, subject: '/a', hosts: [['h1', 'a3', ['third']]] },
      { number: 3, subject: '/b', hosts: [['h1', 'b1', ['new']]] },
    ]);
  });

  it('is what the last look found where a change had to be sent again, and the first item of a loop', async () => {
    const item: RunEvent = { ...finished('h1', 'one'), type: 'item.finished', index: 0, item: 'x' };
    const events = [
      changing('h1', 'one', [file('/a', 'stale', 'second')]),
      changing('h1', 'one', [file('/a', 'a1', 'second')]),
      item,
      changing('h1', 'one', [file('/a', 'a2', 'third')]),
      finished('h1', 'one'),
    ];
    assert.deepEqual(await read(events, 0), [{ number: 1, subject: '/a', hosts: [['h1', 'a1', ['third']]] }]);
  });

  it('has the change at which the run was killed, and the host that a task was delegated to', async () => {
    const events = [changing('h1', 'one', [file('/a', 'a1', 'second')], { on: 'h2' })];
    assert.deepEqual(await read(events), [{ number: 1, subject: '/a', hosts: [['h2', 'a1', ['second']]] }]);
  });

  it('may have left what it found where its last change failed or was cut', async () => {
    const one = [changing('h1', 'one', [file('/a', 'a1', 'second')]), finished('h1', 'one')];
    const two = changing('h1', 'two', [{ ...file('/a', 'a2', 'third'), sha256: 'second' }]);
    const left = [['h1', 'a1', ['third', 'second']]];
    for (const events of [
      [...one, two, failed('h1', 'two')],
      [...one, two],
    ])
      assert.deepEqual((await read(events, 0))[0]?.hosts, left);
    assert.deepEqual((await read([...one, two, finished('h1', 'two')], 0))[0]?.hosts, [['h1', 'a1', ['third']]]);
  });

  it('has nothing of what a secret was taken out of, which is another path, but all the rest', async () => {
    const both = [file('/srv/***/a', 'a1', 'second'), file('/b', 'b1', 'second')];
    const masked = [changing('h1', 'one', both, { masked: true }), finished('h1', 'one')];
    assert.deepEqual(await read(masked, 0), [{ number: 1, subject: '/b', hosts: [['h1', 'b1', ['second']]] }]);
    const plain = [changing('h1', 'one', [file('/srv/***/a', 'a1', 'second')]), finished('h1', 'one')];
    assert.deepEqual(await read(plain, 0), [{ number: 1, subject: '/srv/***/a', hosts: [['h1', 'a1', ['second']]] }]);
  });

  it('knows what a domain became from the results, unless the run did not live to see it', async () => {
    const domain: Replaced = { kind: 'domain', name: 'vm1', uri: 'qemu:///system', sha256: 'one' };
    const ended = [changing('h1', 'one', [domain]), defined('h1', 'one', 'two')];
    const open = [changing('h1', 'two', [{ ...domain, sha256: 'two' }])];
    assert.deepEqual(await read(ended, 0), [{ number: 1, subject: 'domain vm1', hosts: [['h1', 'domain', ['two']]] }]);
    assert.deepEqual(await read([...ended, ...open]), [
      { number: 1, subject: 'domain vm1', hosts: [['h1', 'domain', []]] },
      { number: 2, subject: 'domain vm1', hosts: [['h1', 'domain', []]] },
    ]);
  });

  it('takes parameters of the kernel for the same where their names are', async () => {
    const parameters = (set: readonly string[], absent: readonly string[]): Replaced => ({
      kind: 'kernel parameters',
      parameters: set,
      absent,
    });
    const events = [
      changing('h1', 'one', [parameters(['hugepages=2'], ['nosmt'])]),
      changing('h2', 'one', [parameters([], ['nosmt', 'hugepages'])]),
      finished('h1', 'one'),
      finished('h2', 'one'),
      changing('h1', 'two', [parameters(['quiet'], [])]),
    ];
    assert.deepEqual(
      (await read(events)).map(({ subject, hosts }) => [subject, hosts.length]),
      [
        ['kernel parameters hugepages nosmt', 2],
        ['kernel parameters quiet', 1],
      ],
    );
  });

  it('leaves out what only a later version knows', async () => {
    const later = { kind: 'unit', name: 'x' } as unknown as Replaced;
    const found = await read([changing('h1', 'one', [later, file('/a', 'a1', 'new')]), finished('h1', 'one')], 0);
    assert.deepEqual(
      found.map(({ subject }) => subject),
      ['/a'],
    );
  });
});
