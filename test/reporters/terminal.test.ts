import assert from 'node:assert/strict';
import { terminalReporter } from '../../src/reporters/terminal.ts';
import { about } from '../run/about.ts';
import { done, ends, type Moment, result, task, tell } from './story.ts';

const hosts = ['h1', 'h2', 'h3', 'h10'];
const began: Moment[] = [
  [0, { type: 'run.started', version: 1, ...about, plays: [], title: 'site.yml', check: false, hosts }],
  [0, { type: 'play.started', play: 'Tune', hosts, tasks: 2 }],
];
const motd = task('Write it', { role: 'motd' });
const restart = task('Restart', { handler: true, at: 'roles/motd/handlers/main.yml:3' });
const differs = result('changed', 'content differs', {
  diff: [{ subject: '/etc/motd', before: 'a\n', after: 'b\n' }],
});
const broken = result('failed', 'exit code 3: no such unit', { hint: 'Install it first, then run the play again.' });

const story: Moment[] = [
  ...began,
  ...['h1', 'h2', 'h10'].flatMap(host => done(host, motd, differs, [0, 1])),
  ...done('h3', motd, result('ok', 'is right'), [0, 1.5]),
  ...['h1', 'h3'].flatMap(host => done(host, restart, broken, [2, 3])),
  ...done('h2', restart, result('ok', 'ran'), [2, 4]),
  [4, { type: 'host.unreachable', host: 'h10', message: 'h10 refused the connection', hint: 'Is sshd up?' }],
  ...ends(65.2, {
    h1: { ok: 1, changed: 1, failed: 1 },
    h2: { ok: 2, changed: 1 },
    h3: { ok: 1, failed: 1 },
    h10: { ok: 1, changed: 1, unreachable: 1 },
  }),
];

describe('the terminal reporter', () => {
  it('tells equal results once for all of their hosts, and the failures again at the end', async () => {
    assert.equal(
      await tell(terminalReporter, story, { diff: true, columns: () => 60 }),
      `PLAY Tune (4 hosts)
changed  h[1,2,10]  motd: Write it — content differs
      --- /etc/motd (before)
      +++ /etc/motd (after)
      @@ -1,1 +1,1 @@
      -a
      +b
failed   h1, h3  handler Restart — exit code 3: no such unit
      Install it first, then run the play again.
      at roles/motd/handlers/main.yml:3
unreachable h10  — h10 refused the connection
      Is sshd up?
✖ Tune (4 hosts)  1 min 05 s  ok 5 · changed 3 · failed 2 ·
  unreachable 1
RECAP (65.2 s)
h1  : ok=1  changed=1  unreachable=0  failed=1
h2  : ok=2  changed=1  unreachable=0  failed=0
h3  : ok=1  changed=0  unreachable=0  failed=1
h10 : ok=1  changed=1  unreachable=1  failed=0
failed on 2 of 4: h1, h3 — handler Restart: exit code 3: no
      such unit
      Install it first, then run the play again.
      at roles/motd/handlers/main.yml:3
unreachable on 1 of 4: h10 — h10 refused the connection
      Is sshd up?
Next: run the same command with -l h1,h3,h10
`,
    );
  });

  it('tells a failure before its play is over, also while other hosts are at the same task', async () => {
    let text = '';
    const failed = [...began, ...done('h1', motd, broken, [0, 1]), ...done('h2', motd, differs, [0, 9])];
    await tell(terminalReporter, [...failed, [9.5, { type: 'message', level: 'info', text: 'here' }]], {
      write: part => {
        text += part;
      },
    });
    assert.match(text, /^failed {3}h1 {3}motd: Write it — exit code 3[\s\S]*^info: here$/m);
  });

  it('does not wait for others in a play of one host', async () => {
    let text = '';
    const write = (part: string) => {
      text += part;
    };
    const make = (options: Parameters<typeof terminalReporter>[0]) => {
      const { read, close } = terminalReporter(options);
      return {
        close,
        read: (event: Parameters<typeof read>[0]) => {
          read(event);
          if (event.type === 'task.finished')
            assert.match(text, /changed {2}h1 {2}motd: Write it — content differs\n$/);
        },
      };
    };
    const alone: Moment[] = [
      [0, { type: 'play.started', play: 'Tune', hosts: ['h1'], tasks: 1 }],
      ...done('h1', motd, differs, [0, 1]),
      ...ends(1, { h1: { ok: 1, changed: 1 } }),
    ];
    await tell(make, alone, { write });
    assert.match(text, /✔ Tune \(1 host\) {2}1 s {2}ok 1 · changed 1\n/);
  });

  it('shows what debug says', async () => {
    const said = result('ok', 'hello\nworld', { fields: { shown: true } });
    const text = await tell(terminalReporter, [
      ...began,
      ...hosts.flatMap(host => done(host, task('Say'), said, [0, 1])),
    ]);
    assert.match(text, /^ok {7}h\[1-3,10\] {2}Say — hello\n {6}world\n/m);
  });

  it('breaks no line of what a command printed, a debug shows or a diff has', async () => {
    const table = 'NAME      SIZE      FREE      ALLOCATED';
    const fields = { shown: true, stdout: `${table}\nvg1` };
    const diff = [{ subject: 'x', before: '', after: `${table}\n` }];
    const shown = result('ok', `hello\n${table}`, { fields, diff });
    const text = await tell(terminalReporter, [...began, ...done('h1', task('Say'), shown, [0, 1])], {
      ...{ columns: () => 30, diff: true, verbosity: 1 },
    });
    for (const line of [`      ${table}`, `      stdout: ${table}`, `      +${table}`])
      assert.ok(text.includes(`\n${line}\n`), text);
  });

  it('paints the word of what happened, and nothing where no colours are wanted', async () => {
    assert.match(await tell(terminalReporter, story, { colors: true }), /\n\u001b\[31mfailed\u001b\[39m {3}h1, h3 /);
    assert.doesNotMatch(await tell(terminalReporter, story), /\u001b/);
  });

  it('tells the items of a loop, and not their sum', async () => {
    const item = (host: string): Moment => [
      0.5,
      { type: 'item.finished', host, task: motd, place: '0/0', index: 0, item: 'a', result: differs },
    ];
    const sum = result('changed', '1 of 1 items changed');
    const loops = hosts.flatMap(host => [item(host), ...done(host, motd, sum, [0, 1])]);
    const text = await tell(terminalReporter, [...began, ...loops]);
    assert.match(text, /changed {2}h\[1-3,10\] {2}motd: Write it \[a\] — content differs\n/);
    assert.doesNotMatch(text, /items changed/);
  });

  it('says that hosts of a batch that was never begun are not started', async () => {
    const batches: Moment[] = [
      ...began,
      [0, { type: 'batch.started', play: 'Tune', hosts: ['h1', 'h2'], batch: 1, of: 2 }],
      ...['h1', 'h2'].flatMap(host => done(host, motd, broken, [0, 1])),
      ...ends(2, { h1: { failed: 1 }, h2: { failed: 1 }, h3: {}, h10: {} }),
    ];
    const text = await tell(terminalReporter, batches);
    assert.match(text, /^h1, h2 {2}: ok=0 .*failed=1\nh3, h10 : not started\n/m);
    assert.match(text, /\nNext: run the same command again\n$/);
  });

  it('forgets failures that were rescued', async () => {
    const rescued: Moment[] = [
      ...began,
      ...done('h1', motd, broken, [0, 1]),
      [1, { type: 'task.rescued', host: 'h1', task: motd, failures: 1 }],
      ...ends(2, { h1: { rescued: 1 }, h2: { ok: 1 } }),
    ];
    const text = await tell(terminalReporter, rescued);
    assert.match(text, /✔ Tune/);
    assert.doesNotMatch(text, /failed on|Next:/);
  });

  it('breaks no line that is to be copied', async () => {
    const text = await tell(terminalReporter, story, { columns: () => 30 });
    assert.match(text, /\nNext: run the same command with -l h1,h3,h10\n$/);
    assert.match(text, /\nfailed on 2 of 4: h1, h3 —\n {6}handler Restart: exit\n/);
  });

  it('tells what it knows when a run breaks off, and gives the screen back', async () => {
    let [text, told] = ['', 0];
    const broken = [...began, ...done('h1', motd, differs, [0, 1])];
    await tell(terminalReporter, broken, {
      write: part => {
        text += part;
        told += 1;
      },
    });
    assert.match(
      text,
      /changed {2}h1 {3}motd: Write it — content differs\n✖ Tune \(4 hosts\) {2}1 s {2}ok 1 · changed 1\n$/,
    );
    const before = told;
    await new Promise(go => setTimeout(go, 500));
    assert.equal(told, before, 'nothing is drawn after');
  });

  it('gives the lines of 100 hosts no more room than those of one', async () => {
    const many = Array.from({ length: 100 }, (_, at) => `hv${at + 1}`);
    const events: Moment[] = [
      [0, { type: 'run.started', version: 1, ...about, plays: [], title: 'site.yml', check: false, hosts: many }],
      [0, { type: 'play.started', play: 'Tune', hosts: many, tasks: 1 }],
      ...many.flatMap((host, at) => done(host, motd, at === 6 ? broken : differs, [0, 1 + at / 100])),
      ...ends(3, Object.fromEntries(many.map((host, at) => [host, at === 6 ? { failed: 1 } : { ok: 1, changed: 1 }]))),
    ];
    assert.equal(
      await tell(terminalReporter, events, { columns: () => 100 }),
      `PLAY Tune (100 hosts)
changed  hv[1-6,8-100]  motd: Write it — content differs
failed   hv7    motd: Write it — exit code 3: no such unit
      Install it first, then run the play again.
      at site.yml:7
✖ Tune (100 hosts)  3 s  ok 99 · changed 99 · failed 1
RECAP (3.0 s)
hv[1-6,8-100] : ok=1  changed=1  unreachable=0  failed=0
hv7           : ok=0  changed=0  unreachable=0  failed=1
failed on 1 of 100: hv7 — motd: Write it: exit code 3: no such unit
      Install it first, then run the play again.
      at site.yml:7
Next: run the same command with -l hv7
`,
    );
  });

  it('says in check mode that it is check mode, at both ends and in each line', async () => {
    const text = await tell(terminalReporter, story, { check: true });
    assert.match(text, /^CHECK MODE: this run changes nothing\n/);
    assert.match(text, /^would change h\[1,2,10\] {2}motd: Write it — content differs$/m);
    assert.match(text, /^RECAP \(check mode, 65\.2 s\)$/m);
    assert.match(text, /\nCHECK MODE: nothing was changed; .*\n$/);
  });

  it('shows control characters instead of sending them to the terminal', async () => {
    const evil = 'a\u001b[2Jb\rc\u0007\u009b1m';
    const evilTask = task(evil, { role: evil });
    const failed = result('failed', `x\n${evil}`, {
      hint: evil,
      fields: { stdout: evil, stderr: evil },
      diff: [{ subject: evil, before: evil, after: `${evil}!` }],
    });
    const text = await tell(
      terminalReporter,
      [
        [0, { type: 'play.started', play: evil, hosts: [evil, 'h2', 'h3'], tasks: 1 }],
        ...done(evil, evilTask, failed, [0, 1]),
        [
          1,
          {
            type: 'item.finished',
            host: 'h2',
            task: evilTask,
            place: '0/0',
            index: 0,
            item: evil,
            result: result('changed', evil),
          },
        ],
        [1, { type: 'host.unreachable', host: 'h2', message: evil, hint: evil }],
        [1, { type: 'host.failed', host: 'h3', message: `${evil}\n${evil}` }],
        [1, { type: 'host.stopped', host: 'h3', reason: evil }],
        [1, { type: 'task.retrying', host: 'h3', task: evilTask, attempt: 1, of: 2 }],
        [1, { type: 'message', level: 'info', text: evil }],
        ...ends(2, { [evil]: { failed: 1 }, h2: {}, h3: {} }),
      ],
      { verbosity: 2, diff: true },
    );
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});
