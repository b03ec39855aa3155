import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import type { NumberedEvent } from '../../src/events/event.ts';
import type { Inputs } from '../../src/events/run-start.ts';
import { runIds } from '../../src/journal/folder.ts';
import { sumUp } from '../../src/journal/summary.ts';
import { eventsIn, mounted } from '../journal/scratch.ts';
import { workshop } from './cli.ts';

const { run, path, write } = workshop();

/** The first event of the newest run. */
function startOf(state: string): Extract<NumberedEvent, { type: 'run.started' }> {
  const [first] = eventsIn(state, runIds(state).at(-1)!);
  assert.equal(first?.type, 'run.started');
  return first as Extract<NumberedEvent, { type: 'run.started' }>;
}

const project = {
  'inventory.yml': 'all: {hosts: {localhost: {ansible_connection: local, colour: red}}}\n',
  'site.yml': '- hosts: localhost\n  roles: [motd]\n',
  'roles/motd/tasks/main.yml': '- template: {src: motd.hbs, dest: "{{ to }}"}\n',
  'roles/motd/defaults/main.yml': 'to: /tmp/hw-journal-test\n',
  'roles/motd/templates/motd.hbs': 'hello {{ colour }}\n',
};

describe('the journal of a run', function () {
  this.timeout(120_000);
  beforeEach(() => write(project));

  it('has hashes of its inputs, of which each tells a change', () => {
    const inputs = (): Inputs => {
      const { exitCode, stderr } = run('play', 'site.yml', '-C', '--state', 'state');
      assert.equal(exitCode, 0, stderr);
      return startOf(path('state')).inputs!;
    };
    const before = inputs();
    assert.deepEqual(inputs(), before);
    for (const [name, text] of [
      ['site.yml', `${project['site.yml']}# more\n`],
      ['roles/motd/tasks/main.yml', `${project['roles/motd/tasks/main.yml']}# more\n`],
      ['roles/motd/defaults/main.yml', 'to: /tmp/hw-journal-other\n'],
      ['roles/motd/templates/motd.hbs', 'hi {{ colour }}\n'],
    ] as const) {
      write({ ...project, [name]: text });
      const now = inputs();
      const keys = Object.keys(now.files).filter(file => now.files[file] !== before.files[file]);
      assert.deepEqual(keys, [keys.find(file => file.endsWith(name))], name);
      assert.equal(now.inventory, before.inventory);
    }
    write({ ...project, 'inventory.yml': project['inventory.yml'].replace('red', 'blue') });
    const now = inputs();
    assert.notEqual(now.inventory, before.inventory);
    assert.deepEqual(now.files, before.files);
  });

  it('has none of the values of -e, but their names and whether one differs', () => {
    const variables = (...words: readonly string[]) => {
      assert.equal(run('play', 'site.yml', '-C', '--state', 'state', ...words).exitCode, 0);
      return startOf(path('state')).inputs!.variables;
    };
    const one = variables('-e', 'word=S3CR3T-a');
    const joined = variables('-eword=S3CR3T-a');
    const other = variables('--extra-vars=word=S3CR3T-b');
    assert.deepEqual(Object.keys(one), ['word']);
    assert.deepEqual(one, joined);
    assert.notDeepEqual(one, other);
    const all = runIds(path('state')).map(id => readFileSync(path(`state/runs/${id}/events.jsonl`), 'utf8'));
    assert.doesNotMatch(all.join(''), /S3CR3T/);
  });

  it('has none of the secret arguments of an ad hoc run', () => {
    const url_password = 'S3CR3T "quoted" back\\slash';
    const forms = [
      ['url=http://127.0.0.1:9', 'url_username=u', `url_password=${url_password}`],
      [JSON.stringify({ url: 'http://127.0.0.1:9', url_username: 'u', url_password })],
    ];
    for (const words of forms) {
      run('run', 'localhost', '-c', 'local', '--state', 'state', 'uri', ...words);
      const { origin } = startOf(path('state'));
      assert.ok(origin.arguments.join(' ').includes('***'), origin.arguments.join(' '));
      assert.ok(!JSON.stringify(origin.arguments).includes('slash'), origin.arguments.join(' '));
    }
  });

  it('names the run that was the last one in place of "last"', () => {
    run('play', 'site.yml', '-C', '--state', 'state');
    const [first] = runIds(path('state'));
    assert.equal(run('play', 'site.yml', '-C', '--state', 'state', '-l', '@last:all').exitCode, 0);
    assert.deepEqual(startOf(path('state')).origin.arguments.slice(-2), ['-l', `@${first}:all`]);
  });
});

describe('a state folder', function () {
  this.timeout(120_000);
  beforeEach(() => write(project));
  const play = (...words: readonly string[]) => run('play', 'site.yml', '-C', '--state', 'state', ...words);

  function refused(exitCode: number, message: RegExp): void {
    const { exitCode: found, stdout, stderr } = play();
    assert.match(stderr, message);
    assert.equal(found, exitCode, stderr);
    assert.doesNotMatch(stdout, /PLAY/);
    assert.equal(play('--no-journal').exitCode, 0);
  }

  it('of another user is refused', () => {
    mkdirSync(path('state/runs'), { recursive: true });
    chownSync(path('state/runs'), 65_534, 65_534);
    refused(5, /The folder of runs state\/runs is not used: it belongs to user 65534\.\n.*--state/);
  });

  it('that others may write is refused, with what to do', () => {
    mkdirSync(path('state/runs'), { recursive: true });
    chmodSync(path('state/runs'), 0o777);
    refused(5, /other users may write it: chmod 700 state\/runs/);
    chmodSync(path('state/runs'), 0o700);
    assert.equal(play().exitCode, 0);
  });

  it('that is a link or a file is refused', () => {
    mkdirSync(path('state'));
    mkdirSync(path('elsewhere'), { mode: 0o700 });
    symlinkSync(path('elsewhere'), path('state/runs'));
    refused(5, /state\/runs is not used: it is not a directory/);
    writeFileSync(path('file'), '');
    const { exitCode, stderr } = run('play', 'site.yml', '-C', '--state', 'file');
    assert.match(stderr, /Runs cannot be recorded in file: .*\n.*--state.*--no-journal/);
    assert.equal(exitCode, 8);
    assert.equal(run('play', 'site.yml', '-C', '--state', 'file', '-l', '@last:all').exitCode, 5);
  });

  it('that is read-only is refused', async () => {
    play();
    await mounted(path('state'), 'size=1m', async () => {
      execFileSync('mount', ['-o', 'remount,ro', path('state')]);
      refused(8, /Runs cannot be recorded in state: EROFS.*\n.*--state.*--no-journal/);
    });
    await mounted(path('state'), 'size=1m', async () => {
      play();
      execFileSync('mount', ['-o', 'remount,ro', path('state')]);
      refused(8, /No run can be recorded in state: EROFS/);
    });
  });
});

describe('a disk that fills up during a run', function () {
  this.timeout(120_000);
  const tasks = [
    ['slow', 'echo begun >> {{ folder }}/slow; sleep 4; echo ended >> {{ folder }}/slow'],
    ['slow', 'echo next >> {{ folder }}/slow'],
    ...Array.from({ length: 30 }, (_, at) => [
      'loud',
      `echo ${at} >> {{ folder }}/loud; head -c 50000 /dev/zero | tr "\\0" x`,
    ]),
  ].map(([host, shell]) => ({ when: `inventory_hostname == "${host}"`, shell }));
  const files = {
    'site.yml': JSON.stringify([{ hosts: 'all', tasks }]),
    'inventory.yml': 'all: {hosts: {loud: , slow: }, vars: {ansible_connection: local}}\n',
  };
  beforeEach(() => write(files));

  it('ends it with 8: what is under way ends, nothing else begins, and the journal has all of it', async () => {
    let play: ReturnType<typeof run> | undefined;
    let events: readonly NumberedEvent[] = [];
    await mounted(path('state'), 'size=1m', async () => {
      play = run('play', 'site.yml', '--state', 'state', '-e', `folder=${path('.')}`);
      const [id = ''] = runIds(path('state'));
      events = eventsIn(path('state'), id);
      execFileSync('cp', ['-a', path('state'), path('kept')]);
    });
    assert.equal(play?.exitCode, 8, play?.stderr);
    assert.match(play.stdout + play.stderr, /The journal of the run \S+ cannot be written in .*ENOSPC/);
    assert.equal(readFileSync(path('slow'), 'utf8'), 'begun\nended\n');
    const done = readFileSync(path('loud'), 'utf8').trim().split('\n').length;
    assert.ok(done > 1 && done < 30, `${done}`);
    const ofType = (type: string) => events.filter(event => event.type === type && 'task' in event);
    const changed = ofType('task.finished').filter(event => 'result' in event && event.result.changed);
    // The one that could not be announced was not sent.
    assert.equal(ofType('task.changing').length, done + 2);
    assert.equal(changed.length, done + 1);
    assert.equal(events.at(-1)?.type, 'run.finished');
    const summary = await sumUp(path('kept'), runIds(path('kept'))[0]!);
    assert.deepEqual([summary.status, summary.edited, summary.cut], ['interrupted', false, false]);
    assert.ok(summary.hosts.slow?.unfinished);
  });

  it('ends it with 8 also where that is only found when the last event is written', async () => {
    const fill = `head -c 2M /dev/zero > ${path('state/fill')}; true`;
    let last: ReturnType<typeof run> | undefined;
    await mounted(path('state'), 'size=1m', async () => {
      last = run('run', 'localhost', 'shell', fill, '--state', 'state');
    });
    assert.equal(last?.exitCode, 8, last?.stdout);
    assert.match(last.stdout + last.stderr, /The journal of the run \S+ cannot be written in .*ENOSPC/);
  });
});
