import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { hostname } from 'node:os';
import { emptyCounts } from '../../src/events/reduce.ts';
import { makeRunsFolder, runIds } from '../../src/journal/folder.ts';
import { finished, makeRun } from '../journal/made-run.ts';
import { eventsFile } from '../journal/scratch.ts';
import { workshop } from './cli.ts';
import { makeRepository } from './repository.ts';

const { run, path, write } = workshop();

/** What it prints; it must have nothing else to say. */
function told(...words: readonly string[]): string {
  const { exitCode, stdout, stderr } = run('history', '--state', 'state', ...words);
  assert.equal(exitCode, 0, stderr);
  assert.equal(stderr, '');
  return stdout;
}

const ids = () => runIds(path('state')).toReversed();

function project(): void {
  write({
    'inventory.yml': 'all: {hosts: {h1: {word: one}, h2: {word: two}}, vars: {ansible_connection: local}}\n',
    'site.yml': `
- hosts: all
  tasks:
    - {name: Write it, copy: {content: "{{ word }}\\n", dest: "${path('.')}/{{ inventory_hostname }}"}}
    - {name: Refuse, fail: {msg: not on this one}, when: inventory_hostname == "h2"}
    - {name: Last, command: "true"}
`,
  });
}

const play = (...words: readonly string[]) => run('play', 'site.yml', '--state', 'state', ...words);

describe('hostwright history', function () {
  this.timeout(120_000);

  it('lists real runs, a line each, newest first, as they were', () => {
    const repository = makeRepository(path('.'));
    repository.commit({ '.gitignore': 'state\nh?\n.npm\n' });
    project();
    const commit = repository.commit({}).slice(0, 7);
    play('-C');
    play();
    write({ 'more.yml': '- hosts: h1\n  tasks: [{command: "true"}]\n' });
    run('play', 'more.yml', '--state', 'state');
    run('run', 'h1', '--state', 'state', 'debug', 'msg=hello');
    const began = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d  +\d+\.\d s`;
    const [fourth, third, second, first] = ids();
    const lines = told().trimEnd().split('\n');
    assert.equal(lines.length, 4);
    assert.match(lines[0]!, new RegExp(`^${fourth}  ${began}  ok +1 host  +run debug +${commit}\\*$`));
    assert.match(lines[1]!, new RegExp(`^${third}  ${began}  changed +1 host  +more.yml +${commit}\\*$`));
    assert.match(lines[2]!, new RegExp(`^${second}  ${began}  failed +2 hosts +site.yml +${commit}$`));
    assert.match(lines[3]!, new RegExp(`^${first}  ${began}  check: failed +2 hosts +site.yml +${commit}$`));
    assert.equal(told('-n', '1'), `${lines[0]!.replaceAll(/ {3,}/g, '  ')}\n`);
    assert.match(told('--host', 'h2', '--status', 'failed', '--since', '1h', '-n', '1'), new RegExp(`^${second} `));
    assert.match(told('--module', 'debug'), new RegExp(`^${fourth} .*\n$`));
    assert.equal(told('--commit', 'dirty').split('\n').length, 3);
  });

  it('tells of one: where it came from, its hosts, failures and changes, and what to do next', () => {
    project();
    play('-e', 'word=S3CR3T');
    const [id = ''] = ids();
    const text = told('last');
    assert.match(text, new RegExp(`^Run ${id}: site\\.yml: failed\n  by +\\S+ on ${hostname()}, in ${path('.')}\n`));
    assert.match(text, /^ {2}command +hostwright play site\.yml --state state$/m);
    assert.match(text, /^ {2}inputs +\d+ files, the inventory, 1 variable of -e: word$/m);
    assert.match(text, /^h1 : ok=2 {2}changed=2 /m);
    assert.match(text, /^h2 : ok=1 {2}changed=1 .* failed=1 {2}\(not all of its tasks\)$/m);
    assert.match(text, /^Failures:\nfailed on 1 of 2: h2 — Refuse: not on this one\n {6}at site\.yml:5$/m);
    assert.match(text, /^changed {2}h1, h2 {2}Write it — was absent$/m);
    assert.match(text, new RegExp(`\nNext: hostwright resume ${id} --state state \\(with the values of -e`));
    assert.doesNotMatch(text, /S3CR3T|^ +\+/m);
  });

  it('shows what differed with --diff, equal changes once', () => {
    project();
    write({ 'inventory.yml': 'all: {hosts: {h1: , h3: }, vars: {ansible_connection: local, word: same}}\n' });
    play();
    const [id = ''] = ids();
    assert.match(told(id.slice(0, 4), '--diff'), /^ {6}\+same$/m);
    const summary = JSON.parse(told(id, '--json')) as Record<string, unknown>;
    assert.deepEqual([summary.id, summary.hosts], [id, { h1: 'changed', h3: 'changed' }]);
  });

  it('gives programs an object for each run', () => {
    makeRunsFolder(path('state'));
    makeRun(path('state'), '00001', { check: true, events: [finished('h1', 'a', { role: 'motd' })] });
    makeRun(path('state'), '00002', { hosts: { h1: { failed: 1 }, h2: { changed: 1 } }, exitCode: 2 });
    const runs = told('--json')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
    assert.deepEqual(
      runs.map(({ id, status, check, hosts, roles }) => [id, status, check, hosts, roles]),
      [
        ['00002', 'failed', false, { h1: 'failed', h2: 'changed' }, []],
        ['00001', 'ok', true, { h1: 'ok' }, ['motd']],
      ],
    );
  });

  it('tells what was cut: the change that was under way, and that it can be continued', () => {
    makeRunsFolder(path('state'));
    const { task, place } = finished('h1', 'grow it');
    const events = [{ type: 'task.changing', host: 'h1', task, place }] as const;
    makeRun(path('state'), '00001', {
      events,
      exitCode: undefined,
      hosts: { h1: {}, h2: {} },
      origin: { controller: hostname() },
    });
    assert.match(told(), /^00001 {2}.* cut {2}2 hosts/);
    const text = told('last');
    assert.match(text, /^h1 : ok=0 .*\n {5}may have been done, its end is not recorded: grow it\n/m);
    assert.match(text, /^h2 : nothing was done$/m);
    assert.match(text, /^The run was cut: its process is gone/m);
    assert.match(text, /^Next: hostwright resume 00001 --state state$/m);
  });

  it('tells what is pending, and handlers that are owed', () => {
    makeRunsFolder(path('state'));
    const [pending, owed] = [
      [{ kind: 'reboot', reason: 'a new kernel' }],
      [finished('h1', 'restart it').task],
    ] as const;
    const event = { ...finished('h1', 'a'), type: 'host.finished', pending, owed, roundTrips: 1 } as const;
    const counts = { ...emptyCounts, ok: 1, pending: 1 };
    makeRun(path('state'), '00001', { events: [{ ...event, counts }], exitCode: undefined });
    assert.match(told('last'), /^ +pending reboot: a new kernel\n +handlers that did not run: restart it$/m);
  });

  it('tells what cannot be read or was edited, and lists the others', () => {
    makeRunsFolder(path('state'));
    for (const id of ['00001', '00002', '00003']) makeRun(path('state'), id);
    truncateSync(eventsFile(path('state'), '00001'), 10);
    truncateSync(eventsFile(path('state'), '00002'), 500);
    const { exitCode, stdout, stderr } = run('history', '--state', 'state');
    assert.equal(exitCode, 0);
    assert.match(stdout, /^00003 {2}.* ok .*\n00002 {2}.*, edited /);
    assert.equal(stderr, 'The run 00001 ended before its first event: nothing was done.\n');
    assert.equal(run('history', '--state', 'state', '00001').exitCode, 5);
    assert.match(told('00002'), /^The journal was changed after the run: it is not what was done\.$/m);
  });

  it('sends nothing raw to the terminal', () => {
    makeRunsFolder(path('state'));
    const evil = 'a\u001b[2Jb\u202ec\n00009  ok';
    makeRun(path('state'), '00001', {
      title: evil,
      hosts: { [evil]: { failed: 1 } },
      events: [finished(evil, evil), { type: 'host.failed', host: evil, message: evil }],
      origin: { operator: evil, controller: evil, directory: evil, arguments: [evil] },
      time: evil,
    });
    for (const text of [told(), told('last', '--diff')]) {
      assert.match(text, /\\x1b\[2Jb\\u202ec\\x0a00009/);
      assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]|^00009/m);
    }
  });

  it('says so where there is nothing, and refuses what it does not understand', () => {
    const nothing = run('history', '--state', 'state');
    assert.deepEqual(nothing, { exitCode: 0, stdout: '', stderr: 'No such run is recorded in state.\n' });
    for (const [words, message] of [
      [['last'], /No run is recorded in state/],
      [['--since', 'yesterday'], /It must be a date, as 2026-05-31/],
      [['--status', 'good'], /Allowed choices are ok, changed/],
      [['-n', '0'], /whole number from 1 up/],
    ] as const) {
      const { exitCode, stderr } = run('history', '--state', 'state', ...words);
      assert.equal(exitCode, 5);
      assert.match(stderr, message);
    }
  });

  it('takes days in the time of this machine, the last one to its end', () => {
    makeRunsFolder(path('state'));
    const at = (hours: number) => new Date(2026, 5, 1, hours).toISOString();
    makeRun(path('state'), '00001', { time: at(0) });
    makeRun(path('state'), '00002', { time: at(23) });
    makeRun(path('state'), '00003', { time: at(24) });
    const found = (...words: readonly string[]) => told(...words).match(/^\S+/gm);
    assert.deepEqual(found('--since', '2026-06-01', '--until', '2026-06-01'), ['00002', '00001']);
    assert.deepEqual(found('--since', '2026-06-01T12:00'), ['00003', '00002']);
    assert.deepEqual(found('--until', at(23)), ['00001']);
  });
});
