import assert from 'node:assert/strict';
import type { Counts, NumberedEvent, RunEvent, TaskResult } from '../../src/events/event.ts';
import { emptyCounts, emptyTally, exitCodeOf, reduceTally } from '../../src/events/reduce.ts';
import { createStream } from '../../src/events/stream.ts';
import { quote } from '../../src/shell/quote.ts';
import { maskSecrets } from '../../src/values/mask-secrets.ts';

const task = { id: '1', name: 't', module: 'debug', handler: false, at: 'site.yml:3' };

function finished(status: TaskResult['status'], more: Partial<TaskResult> = {}): RunEvent {
  const result: TaskResult = {
    status,
    message: '',
    changed: status === 'changed',
    diff: [],
    pending: [],
    fields: {},
    ...more,
  };
  return { type: 'task.finished', host: 'h1', task, place: '0/0', result, seconds: 0 };
}

const rescued: RunEvent = { type: 'task.rescued', host: 'h1', task, failures: 1 };
const unreachable: RunEvent = { type: 'host.unreachable', host: 'h1', message: 'gone' };
const failed: RunEvent = { type: 'host.failed', host: 'h1', message: 'no facts' };

const rows: readonly (readonly [string, readonly RunEvent[], Partial<Counts>])[] = [
  ['nothing', [], {}],
  ['ok', [finished('ok'), finished('ok')], { ok: 2 }],
  ['changed counts as ok too', [finished('changed')], { ok: 1, changed: 1 }],
  ['skipped', [finished('skipped')], { skipped: 1 }],
  ['unknown', [finished('unknown')], { unknown: 1 }],
  ['lost', [finished('lost', { changed: true })], { lost: 1 }],
  ['failed', [finished('failed')], { failed: 1 }],
  ['failed after it had begun', [finished('failed', { changed: true })], { failed: 1, changed: 1 }],
  ['failed and ignored', [finished('failed', { ignored: true })], { ok: 1, ignored: 1 }],
  [
    'failed after it had begun, and ignored',
    [finished('failed', { ignored: true, changed: true })],
    { ok: 1, ignored: 1, changed: 1 },
  ],
  ['unreachable and ignored', [finished('unreachable', { ignored: true })], { ignored: 1 }],
  ['failed and rescued', [finished('failed'), rescued, finished('ok')], { rescued: 1, ok: 1 }],
  ['unreachable is counted once', [finished('unreachable'), unreachable], { unreachable: 1 }],
  ['a host that failed outside a task', [failed], { failed: 1 }],
];

describe('the counts of a host', () => {
  for (const [what, events, expected] of rows) {
    it(what, () => {
      assert.deepEqual(events.reduce(reduceTally, emptyTally).counts, { ...emptyCounts, ...expected });
    });
  }
});

describe('the exit code of a run', () => {
  const host = (counts: Partial<Counts>): Counts => ({ ...emptyCounts, ...counts });
  const table: readonly (readonly [readonly Partial<Counts>[], number, number])[] = [
    [[], 0, 0],
    [[{ ok: 3, skipped: 1, pending: 1 }], 0, 0],
    [[{ ok: 3, unknown: 1 }], 0, 3],
    [[{ ok: 3, changed: 1 }], 0, 3],
    [[{ failed: 1 }, { changed: 1 }], 2, 2],
    [[{ rescued: 1, ignored: 1 }], 0, 0],
    [[{ unreachable: 1 }], 4, 4],
    [[{ lost: 1 }], 4, 4],
    [[{ failed: 1 }, { unreachable: 1 }], 6, 6],
    [[{ failed: 1, lost: 1 }], 6, 6],
  ];
  for (const [hosts, plain, detailed] of table) {
    it(`is ${plain} (detailed ${detailed}) for ${JSON.stringify(hosts)}`, () => {
      assert.equal(exitCodeOf(hosts.map(host), false), plain);
      assert.equal(exitCodeOf(hosts.map(host), true), detailed);
    });
  }
});

describe('the stream of events', () => {
  function tell(secrets: readonly string[], ...events: readonly RunEvent[]): NumberedEvent[] {
    const told: NumberedEvent[] = [];
    const { emit } = createStream([event => told.push(event)], maskSecrets(new Set(secrets)));
    for (const event of events) emit(event);
    return told;
  }

  it('numbers events from 1 and gives them their time', () => {
    const told = tell([], unreachable, failed);
    assert.deepEqual(
      told.map(({ seq }) => seq),
      [1, 2],
    );
    for (const { time } of told) assert.match(time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('tells every reader the same, in order', () => {
    const a: number[] = [];
    const b: number[] = [];
    const { emit } = createStream([({ seq }) => a.push(seq), ({ seq }) => b.push(seq)], text => text);
    emit(failed);
    emit(failed);
    assert.deepEqual(
      [a, b],
      [
        [1, 2],
        [1, 2],
      ],
    );
  });

  it('masks a secret in every text, at any depth, the longest first', () => {
    const event = finished('changed', {
      message: 'set hunter2-long and hunter2',
      diff: [{ subject: '/etc/x', before: '', after: 'password=hunter2\n' }],
      fields: { stdout: ['a hunter2'], deep: { er: 'hunter2-long', kind: 'hunter2' } },
    });
    const text = JSON.stringify(tell(['hunter2', 'hunter2-long'], event));
    assert.doesNotMatch(text, /hunter2|long/);
    assert.match(text, /set \*\*\* and \*\*\*/);
  });

  it('masks what a secret becomes in JSON, base64 and addresses, also as a part of what was encoded', () => {
    const secret = 'p4ss/w"rd +ü?';
    const inside = [secret, `u:${secret}`, `us:${secret}`, `usr:${secret}:more`, `${secret}\n`];
    const forms = [
      JSON.stringify(secret),
      encodeURIComponent(secret),
      encodeURIComponent(secret).replaceAll('%20', '+'),
      encodeURIComponent(secret).replace(/%../g, code => code.toLowerCase()),
      ...inside.flatMap(text => [Buffer.from(text).toString('base64'), Buffer.from(text).toString('base64url')]),
    ];
    for (const form of forms) {
      const [told] = tell([secret], finished('ok', { message: `a ${form} b` }));
      assert.ok(told?.type === 'task.finished');
      assert.match(told.result.message, /^a .{0,8}\*\*\*.{0,12} b$/, form);
    }
  });

  it('masks what a secret becomes in XML and as a word of a shell, also as a part of what was quoted', () => {
    const secret = `it's&"me"<1>`;
    const forms = [
      'it&apos;s&amp;&quot;me&quot;&lt;1&gt;',
      `it's&amp;"me"&lt;1&gt;`,
      `it's&amp;&quot;me&quot;&lt;1&gt;`,
      `it&apos;s&amp;"me"&lt;1&gt;`,
      quote(secret),
      quote(`user:${secret}`),
      JSON.stringify(quote(secret)),
    ];
    for (const form of forms) {
      const [told] = tell([secret, 'nul\0byte'], finished('ok', { message: `a ${form} b` }));
      assert.ok(told?.type === 'task.finished');
      assert.match(told.result.message, /^a ("?'(user:)?)?\*\*\*('"?)? b$/, form);
    }
  });

  it('leaves a secret of one or two letters, and what only begins like one', () => {
    const [told] = tell(['ab', 'hunter2'], finished('ok', { message: 'ab abab aHVudG hunter' }));
    assert.ok(told?.type === 'task.finished');
    assert.equal(told.result.message, 'ab abab aHVudG hunter');
  });

  it('masks what has become a secret since', () => {
    const secrets = new Set(['first']);
    const mask = maskSecrets(secrets);
    assert.equal(mask('first second'), '*** second');
    secrets.add('second');
    assert.equal(mask('first second'), '*** ***');
  });

  it('masks the lines of a secret that has several, one by one, where they are long enough to be told', () => {
    const mask = maskSecrets(new Set(['BEGIN KEY\n  c2VjcmV0IGxpbmU=\r\nend\n']));
    assert.equal(mask('it printed c2VjcmV0IGxpbmU='), 'it printed ***');
    assert.equal(mask('the end'), 'the end');
  });

  it("masks a module's own fields, whatever their names are, and at any depth", () => {
    const own = {
      id: 'hunter2',
      type: 'hunter2',
      status: 'hunter2',
      kind: 'hunter2',
      level: 'hunter2',
      time: 'hunter2',
    };
    const [told] = tell(['hunter2'], finished('ok', { fields: { ...own, results: [own], deep: { fields: own } } }));
    assert.ok(told?.type === 'task.finished');
    const masked = Object.fromEntries(Object.keys(own).map(name => [name, '***']));
    assert.deepEqual(told.result.fields, { ...masked, results: [masked], deep: { fields: masked } });
  });

  it('leaves the words that readers decide by, whatever the password is', () => {
    const pending = [{ kind: 'reboot', reason: 'after a reboot' }] as const;
    const [told, note] = tell(
      ['changed', 'task.finished', 'reboot', 'warning'],
      finished('changed', { message: 'it changed', pending }),
      { type: 'message', level: 'warning', text: 'a warning' },
    );
    assert.ok(told?.type === 'task.finished' && note?.type === 'message');
    assert.equal(told.result.status, 'changed');
    assert.equal(told.result.message, 'it ***');
    assert.deepEqual(told.result.pending, [{ kind: 'reboot', reason: 'after a ***' }]);
    assert.deepEqual([note.level, note.text], ['warning', 'a ***']);
  });

  it('does not take a text of two characters for a secret', () => {
    const [told] = tell(['no'], failed);
    assert.equal(told?.type === 'host.failed' && told.message, 'no facts');
  });
});
