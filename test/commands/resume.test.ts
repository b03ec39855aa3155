import assert from 'node:assert/strict';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { NumberedEvent } from '../../src/events/event.ts';
import { makeRunsFolder, runIds } from '../../src/journal/folder.ts';
import { makeRun } from '../journal/made-run.ts';
import { eventsFile, eventsIn } from '../journal/scratch.ts';
import { type CommandRun, workshop } from './cli.ts';

const { run, runIn, start, path, write } = workshop();

const two = ['-i', 'h1,h2,', '-c', 'local', '--state', 'state'];
const one = ['-i', 'h1,', '-c', 'local', '--state', 'state'];
const lastId = () => runIds(path('state')).at(-1) ?? '';

/** Writes a playbook of one play for all hosts. */
function site(tasks: readonly object[], more: object = {}): void {
  write({ 'site.yml': JSON.stringify([{ hosts: 'all', gather_facts: false, tasks, ...more }], null, 2) });
}

/** A task that writes its name into the log of its host. */
const log = (word: string, more: object = {}) => ({
  name: word,
  shell: `echo ${word} >> ${path('{{ inventory_hostname }}.log')}`,
  ...more,
});

const logged = (host: string) =>
  readFileSync(path(`${host}.log`), 'utf8')
    .trim()
    .split('\n')
    .join(' ');
const play = (...words: readonly string[]) => run('play', 'site.yml', ...two, ...words);
const resume = (...words: readonly string[]) => run('resume', 'last', '--state', 'state', ...words);

/** A command must end so, and print something like that. */
function ends({ exitCode, stdout, stderr }: CommandRun, wanted: number, text = /(?:)/): void {
  assert.equal(exitCode, wanted, stdout + stderr);
  assert.match(stdout + stderr, text);
}

/** The journal of the newest run, which may have no file yet. */
function journal(): string {
  const file = eventsFile(path('state'), lastId());
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** Kills a run with SIGKILL once its first host has made a file, and the second one is through. */
async function killed(words: readonly string[] = ['play', 'site.yml', ...two], second = true): Promise<void> {
  rmSync(path('begun'), { force: true });
  let child = start(...words);
  let closed = once(child, 'exit');
  const isThrough = () => /"task.finished","host":"h2","task":\{[^}]*"name":"last"/.test(journal());
  const isThere = () => existsSync(path('begun')) && (!second || isThrough());
  for (let tries = 0; !isThere(); tries += 1) {
    assert.ok(tries < 400, `it has not come so far: ${journal()}`);
    await setTimeout(25);
    // What an earlier run was killed at has the host until it ends.
    if (child.exitCode === null) continue;
    child = start(...words);
    closed = once(child, 'exit');
  }
  child.kill('SIGKILL');
  await closed;
}

/** Leaves the journal of the newest run as it is where the run is killed right after an event. */
function cutAfter(event: RegExp): void {
  const lines = journal().split(/(?<=\n)/);
  writeFileSync(
    eventsFile(path('state'), lastId()),
    lines.slice(0, lines.findIndex(line => event.test(line)) + 1).join(''),
  );
  rmSync(path(`state/runs/${lastId()}/events.sha256`));
}

/** A command of the first host that is at work for some time after it has made a file. */
const slow = () => ({
  name: 'slow',
  shell: `echo slow >> ${path('h1.log')}; touch ${path('begun')}; sleep 2`,
  when: 'inventory_hostname == "h1"',
});

/** What the newest run has of the tasks of a host: each with how it ended, and whether it was taken over. */
function story(host: string): readonly string[] {
  const finished = eventsIn(path('state'), lastId()).filter(event => event.type === 'task.finished');
  return finished
    .filter(event => event.host === host)
    .map(({ task, result, from }) => `${task.name} ${result.status}${from === undefined ? '' : ' before'}`);
}

function endOf(host: string): Extract<NumberedEvent, { type: 'host.finished' }> {
  const end = eventsIn(path('state'), lastId()).find(event => event.type === 'host.finished' && event.host === host);
  assert.equal(end?.type, 'host.finished');
  return end as Extract<NumberedEvent, { type: 'host.finished' }>;
}

describe('hostwright resume, of a run that was killed', function () {
  this.timeout(120_000);

  it('does not run again what may have run, unless --repeat says so, from any folder', async () => {
    site([log('first'), slow(), log('last')]);
    await killed();
    mkdirSync(path('elsewhere'));
    const there = (...words: readonly string[]) =>
      runIn({ folder: 'elsewhere' }, 'resume', 'last', '--state', path('state'), ...words);
    for (const _ of [1, 2]) {
      ends(there(), 2, /h1 +failed +slow — the run \S+ was cut while this was at work.*\n.*resume with --repeat/);
      assert.equal(logged('h1'), 'first slow');
      assert.equal(logged('h2'), 'first last');
    }
    ends(there('--repeat'), 0);
    assert.equal(logged('h1'), 'first slow slow last');
    assert.deepEqual(story('h1'), ['first changed before', 'slow changed', 'last changed']);
    assert.equal(endOf('h2').roundTrips, 0);
  });

  it('counts a file that was being written as changed, and runs its handler', async () => {
    const file = path('big');
    site(
      [
        log('first'),
        {
          name: 'file',
          copy: { content: 'x', dest: file, validate: `sh -c 'touch ${path('begun')}; sleep 2' %s` },
          notify: 'handler',
        },
      ],
      { handlers: [log('handler')] },
    );
    await killed(['play', 'site.yml', ...one], false);
    assert.ok(!existsSync(file));
    ends(resume(), 0);
    assert.equal(readFileSync(file, 'utf8'), 'x');
    assert.deepEqual(story('h1'), ['first changed before', 'file changed', 'handler changed']);
    assert.equal(logged('h1'), 'first handler');
  });

  it('counts a file that was written before the run could tell so, and runs its handler', async () => {
    const task = { name: 'file', copy: { content: 'x', dest: path('file') }, notify: 'handler' };
    site([log('first'), task, log('last')], { handlers: [log('handler')] });
    ends(run('play', 'site.yml', ...one), 0);
    cutAfter(/"task.changing".*"name":"file"/);
    ends(resume(), 0);
    assert.deepEqual(story('h1'), ['first changed before', 'file changed', 'last changed', 'handler changed']);
  });

  it('goes on after it is killed itself, also before it has come to what is new', async () => {
    site([log('first'), slow(), log('last')]);
    await killed();
    await killed(['resume', 'last', '--state', 'state', '--repeat']);
    assert.equal(logged('h1'), 'first slow slow');
    ends(resume(), 2, /the run \S+ was cut while this was at work/);
    cutAfter(/"run.started"/);
    ends(resume(), 2, /the run \S+ was cut while this was at work/);
    ends(resume('--repeat'), 0);
    assert.deepEqual(story('h1'), ['first changed before', 'slow changed', 'last changed']);
    assert.deepEqual(story('h2').slice(-1), ['last changed before']);
    assert.equal(logged('h2'), 'first last');
  });

  it('waits for what the killed run is still at on the host, and goes on then', async () => {
    const work = { name: 'slow', shell: `touch ${path('begun')}; sleep 6; echo slow >> ${path('h1.log')}` };
    site([work, log('last')]);
    await killed(['play', 'site.yml', ...one], false);
    ends(run('resume', 'last', '--repeat', '--state', 'state'), 0);
    assert.equal(logged('h1'), 'slow slow last');
    assert.deepEqual(
      eventsIn(path('state'), lastId()).flatMap(event => (event.type === 'run.started' ? [event.line?.number] : [])),
      [2],
    );
  });

  it('is refused while it is under way', async () => {
    site([slow()]);
    const child = start('play', 'site.yml', ...two);
    for (let tries = 0; !existsSync(path('begun')) && tries < 400; tries += 1) await setTimeout(25);
    ends(resume(), 5, /The run \S+ is still under way, as process \d+\./);
    await once(child, 'exit');
    ends(resume(), 0, /Nothing is left of the run/);
  });

  it('takes a journal that ends in the middle of a line', async () => {
    site([log('first'), slow(), log('last')]);
    await killed();
    appendFileSync(eventsFile(path('state'), lastId()), '{"type":"task.finished","host":"h1","ta');
    ends(run('history', '--state', 'state'), 0, / cut(?! ,)/);
    ends(resume(), 2, /cut while this was at work/);
    assert.equal(logged('h2'), 'first last');
  });
});

describe('hostwright resume, of a run with a host that failed', function () {
  this.timeout(120_000);

  /** Whether the cause of a failure is there. */
  const failing = (more: object = {}) => ({
    name: 'failing',
    shell:
      `echo failing >> ${path('{{ inventory_hostname }}.log')}; ` +
      `! test -e ${path('cause-{{ inventory_hostname }}')}`,
    ...more,
  });

  /** A loop that fails at its second item. */
  const loop = (more: object = {}) => ({
    shell: `echo {{ item }} >> ${path('{{ inventory_hostname }}.log')}
! test {{ item }} = b -a -e ${path('cause-{{ inventory_hostname }}')}`,
    loop: ['a', 'b', 'c'],
    ...more,
  });

  /** Plays with a cause for h1 to fail, and resumes without it. */
  function failsAndResumes(tasks: readonly object[], more: object = {}): void {
    site(tasks, more);
    write({ 'cause-h1': '' });
    ends(play(), 2);
    rmSync(path('cause-h1'));
    ends(resume(), 0);
  }

  it('goes on with registers, facts that were set, and what was run once', () => {
    failsAndResumes([
      log('once', { run_once: true, register: 'once' }),
      {
        name: 'ask',
        shell: `cat /proc/sys/kernel/random/uuid; echo asked >> ${path('{{ inventory_hostname }}.log')}`,
        register: 'ask',
      },
      { name: 'set', set_fact: { word: '{{ inventory_hostname }}-{{ ask.stdout }}' } },
      failing(),
      log('{{ once.rc }} {{ cel "word == inventory_hostname + \'-\' + ask.stdout" }}', { name: 'last' }),
    ]);
    assert.equal(logged('h1'), 'once asked failing failing 0 true');
    assert.equal(logged('h2'), 'asked failing 0 true');
    assert.deepEqual(
      story('h1').map(line => line.split(' ').at(-1)),
      ['before', 'before', 'before', 'changed', 'changed'],
    );
    assert.equal(endOf('h2').roundTrips, 0);
  });

  it('begins the batches that did not begin', () => {
    failsAndResumes([log('first'), failing(), log('last')], { serial: 1, max_fail_percentage: 0 });
    assert.equal(logged('h1'), 'first failing failing last');
    assert.equal(logged('h2'), 'first failing last');
  });

  it('does not run the items of a loop again that are done', async () => {
    const item = `echo {{ item }} >> ${path('h1.log')}; [ {{ item }} != c ] || { touch ${path('begun')}; sleep 2; }`;
    site([{ name: 'loop', shell: item, loop: ['a', 'b', 'c', 'd'], register: 'all' }, log('{{ all.results.length }}')]);
    await killed(['play', 'site.yml', ...one], false);
    ends(resume('--repeat'), 0);
    assert.equal(logged('h1'), 'a b c c d 4');
  });

  it('does not run the items of a loop again that went well where another one failed', () => {
    failsAndResumes([loop({ register: 'all' }), log('{{ all.results.length }}')]);
    assert.equal(logged('h1'), 'a b c b 3');
  });

  it('runs all items of a loop again in a block that runs again as a whole', () => {
    failsAndResumes([{ block: [loop()], always: [log('always')] }]);
    assert.equal(logged('h1'), 'a b c always a b c always');
  });

  it('runs a block again as a whole whose "always" ran after the failure', () => {
    failsAndResumes([log('before'), { block: [log('inside'), failing()], always: [log('always')] }, log('last')]);
    assert.equal(logged('h1'), 'before inside failing always inside failing always last');
    assert.equal(logged('h2'), 'before inside failing always last');
  });

  it('takes over what a block has rescued', () => {
    const block = { block: [log('inside'), { name: 'bad', shell: 'false' }], rescue: [log('rescue')] };
    failsAndResumes([block, failing(), log('last')]);
    assert.equal(logged('h1'), 'inside rescue failing failing last');
  });

  it('takes over what was delegated, also the variables of the other host', () => {
    failsAndResumes(
      [
        log('{{ inventory_hostname }}-for', {
          name: 'delegated',
          delegate_to: 'h2',
          when: 'inventory_hostname == "h1"',
        }),
        {
          name: 'fact',
          set_fact: { word: 'w-{{ inventory_hostname }}' },
          delegate_to: 'h2',
          delegate_facts: true,
          when: 'inventory_hostname == "h1"',
        },
        failing({ when: 'inventory_hostname == "h1"' }),
        log('{{ hostvars.h2.word }}', { name: 'last', when: 'inventory_hostname == "h1"' }),
      ],
      { strategy: 'linear' },
    );
    assert.match(logged('h1'), /failing failing w-h1$/);
    assert.equal((readFileSync(path('h1.log'), 'utf8').match(/-for/g) ?? []).length, 1);
  });

  it('does again what changes only the run: include_vars, add_host, group_by', () => {
    write({ 'vars/more.yml': 'word: of-file\n' });
    const first = {
      hosts: 'all',
      gather_facts: false,
      tasks: [
        { include_vars: 'more.yml' },
        { add_host: { name: 'h3', ansible_connection: 'local', groups: 'added' } },
        { group_by: { key: 'by_{{ inventory_hostname }}' } },
        failing(),
        log('{{ word }}', { name: 'word' }),
      ],
    };
    const next = (hosts: string, word: string) => ({ hosts, gather_facts: false, tasks: [log(word)] });
    write({ 'site.yml': JSON.stringify([first, next('added', 'added'), next('by_h1', 'grouped')]), 'cause-h1': '' });
    ends(play(), 2);
    rmSync(path('cause-h1'));
    ends(resume(), 0);
    assert.equal(logged('h1'), 'failing failing of-file grouped');
    assert.equal(logged('h2'), 'failing of-file');
    assert.equal(logged('h3'), 'added');
  });

  it('runs a task again whose register has a secret, which the journal does not have', () => {
    const ask = {
      name: 'ask',
      shell: `echo asked >> ${path('{{ inventory_hostname }}.log')}; echo S3CR3T`,
      register: 'ask',
      no_log: true,
    };
    failsAndResumes([ask, log('first'), failing(), log('{{ ask.stdout.length }}', { name: 'last' })]);
    assert.equal(logged('h1'), 'asked first failing asked failing 6');
    assert.doesNotMatch(
      runIds(path('state'))
        .map(id => readFileSync(eventsFile(path('state'), id), 'utf8'))
        .join(''),
      /S3CR3T/,
    );
  });
});

describe('hostwright resume, with options of its own', function () {
  this.timeout(120_000);

  it('takes them in place of those that the run had, also of an ad hoc run', () => {
    write({ cause: '' });
    const shell = ['-o', 'lines', 'shell', '--', `test ! -e ${path('cause')}`];
    ends(run('run', 'all', ...two, ...shell), 2);
    rmSync(path('cause'));
    ends(resume('-o', 'jsonl'), 0, /^\{"type":"run.started"/);
  });
});

describe('hostwright resume refuses', function () {
  this.timeout(120_000);

  const project = () =>
    write({
      'inventory.yml': 'all: {hosts: {h1: {colour: red}}, vars: {ansible_connection: local}}\n',
      'site.yml': '- {hosts: all, roles: [motd]}\n',
      'roles/motd/tasks/main.yml': [
        `- template: {src: motd.hbs, dest: "${path('motd')}"}`,
        '- fail: {msg: "{{ word }}"}\n',
      ].join('\n'),
      'roles/motd/templates/motd.hbs': 'hello {{ colour }}\n',
    });
  const failed = (...words: readonly string[]) =>
    ends(run('play', 'site.yml', '--state', 'state', '-e', 'word=W0RD', ...words), 2);
  const resumed = (...words: readonly string[]) => resume('-e', 'word=W0RD', ...words);

  for (const [file, text, told] of [
    ['site.yml', '- {hosts: all, roles: [motd], name: other}\n', 'site.yml was changed'],
    ['roles/motd/tasks/main.yml', '- fail: {msg: "other"}\n', 'main.yml was changed'],
    ['roles/motd/templates/motd.hbs', 'bye {{ colour }}\n', 'motd.hbs was changed'],
    ['roles/motd/templates/more.hbs', 'more\n', 'more.hbs was added'],
    [
      'inventory.yml',
      'all: {hosts: {h1: {colour: blue}}, vars: {ansible_connection: local}}\n',
      'the inventory was changed',
    ],
  ] as const) {
    it(`another ${file} (${told}), and goes on with it where it is told to`, () => {
      project();
      failed();
      write({ [file]: text });
      ends(resumed(), 5, new RegExp(`are not what they were:\n  .*${told}\n.*--state state --inputs-changed`));
      ends(resumed('--inputs-changed'), 2, /^PLAY /);
    });
  }

  it('a run without the values of its -e, or with others, with a hint that may be pasted', () => {
    project();
    failed();
    const { stderr } = resume();
    ends(resume(), 5, /had values of -e that are missing/);
    const hint = /again: hostwright (.*)$/m.exec(stderr)?.[1]?.replace('…', 'W0RD').replaceAll("'", '') ?? '';
    ends(run(...hint.split(' ')), 2, /W0RD/);
    ends(resume('-e', 'word=other'), 5, /the variable word of -e was changed/);
  });

  it('a run in check mode', () => {
    project();
    run('play', 'site.yml', '--state', 'state', '-e', 'word=W0RD', '-C');
    ends(resumed(), 5, /was in check mode: nothing of it was done/);
  });

  it('a run whose folder is gone', () => {
    project();
    mkdirSync(path('there'));
    runIn({ folder: 'there' }, 'play', '../site.yml', '-i', '../inventory.yml', '--state', '../state', '-e', 'word=x');
    renameSync(path('there'), path('gone'));
    ends(resume('-e', 'word=x'), 5, /was started in .*\/there, which is not there any more/);
  });

  it('a run that was continued since, and names the one to continue', () => {
    project();
    failed();
    const first = lastId();
    ends(resumed(), 2, /^PLAY /);
    const again = run('resume', first, '--state', 'state', '-e', 'word=W0RD');
    ends(again, 5, new RegExp(`was continued by the run ${lastId()}[^]*hostwright resume ${lastId()}`));
  });

  it('an edited journal', () => {
    project();
    failed();
    writeFileSync(eventsFile(path('state'), lastId()), journal().replace('"failed":1', '"failed":0'));
    ends(resumed(), 5, /The journal of the run \S+ was changed after the run/);
  });

  it('a journal of another version', () => {
    project();
    failed();
    writeFileSync(eventsFile(path('state'), lastId()), journal().replace('"version":1', '"version":2'));
    ends(resumed(), 5, /has version 2 of the format, and this Hostwright reads version 1/);
  });

  it('a name that no run has, or several have, and a folder without runs', () => {
    ends(resume(), 5, /No run is recorded in/);
    makeRunsFolder(path('state'));
    for (const id of ['0aaab', '0aaac']) makeRun(path('state'), id);
    ends(run('resume', '0aaa', '--state', 'state'), 5, /Several runs begin with "0aaa": 0aaab, 0aaac/);
    ends(run('resume', 'zzzzz', '--state', 'state'), 5, /There is no run "zzzzz"/);
    ends(run('resume', '0aaab', '--state', 'state'), 0, /Nothing is left of the run 0aaab/);
  });
});
