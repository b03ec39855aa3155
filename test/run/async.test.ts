import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { InvalidInput } from '../../src/language/diagnostic.ts';
import { play, temporaryFolder } from './engine.ts';
import { flagChanging, flagWith } from './flag-module.ts';

const { path } = temporaryFolder();
const modules = [flagWith('flag')];

describe('async', () => {
  const before = process.env.HOME;
  beforeEach(() => {
    mkdirSync(path('home'));
    process.env.HOME = path('home');
  });
  afterEach(() => {
    process.env.HOME = before;
  });
  const jobs = () => (existsSync(path('home/.hostwright_async')) ? readdirSync(path('home/.hostwright_async')) : []);
  const run = (tasks: string, options: object = {}) =>
    play(`- hosts: h1\n  tasks:\n${tasks.replace(/^/gm, '    ')}`, { modules, ...options });

  it('with poll gives the result of the command, and leaves no files', async () => {
    const { result } = await run(
      `- {name: it, shell: "sleep 0.5; echo out; echo err >&2; echo $WORD", environment: {WORD: given}, async: 10, poll: 1}`,
    );
    assert.equal(result('it').status, 'changed');
    assert.deepEqual(result('it').fields.stdout, 'out\ngiven');
    assert.deepEqual([result('it').fields.rc, result('it').fields.stderr], [0, 'err']);
    assert.equal(result('it').fields.cmd, 'sleep 0.5; echo out; echo err >&2; echo $WORD');
    assert.deepEqual(jobs(), []);
  });

  it('is judged like any command', async () => {
    const { result } = await run(
      `- {name: it, shell: exit 3, async: 10, poll: 1, ignore_errors: true}
- {name: mine, shell: exit 3, async: 10, poll: 1, failed_when: result.rc != 3}`,
    );
    assert.deepEqual([result('it').status, result('it').fields.rc], ['failed', 3]);
    assert.equal(result('mine').status, 'changed');
  });

  it('stops a task that takes too long, with all that it started', async () => {
    const { result, exitCode } = await run(
      `- {name: it, shell: "echo before; sleep 1000; touch ${path('done')}", async: 1, poll: 1}`,
    );
    assert.equal(exitCode, 2);
    assert.equal(result('it').message, 'it did not end within 1 s, which "async" gives it, and was stopped');
    assert.equal(result('it').fields.stdout, 'before');
    assert.ok(!existsSync(path('done')));
    assert.deepEqual(jobs(), []);
  });

  it('is for any module, whose change is proved as always', async () => {
    const lies = flagChanging('lies', () => ({ apply: { sections: [{ name: 'write', text: ':' }] } }));
    const { result } = await run(
      `- {name: it, flag: {path: ${path('flag')}, value: new}, async: 10, poll: 1}
- {name: again, flag: {path: ${path('flag')}, value: new}, async: 10, poll: 1}
- {name: lie, lies: {path: ${path('lie')}, value: new}, async: 10, poll: 1, ignore_errors: true}`,
      { modules: [...modules, lies] },
    );
    assert.equal(readFileSync(path('flag'), 'utf8'), 'new');
    assert.deepEqual(result('it').status, 'changed');
    assert.deepEqual(result('again').status, 'ok');
    assert.match(result('lie').message, /did not converge/);
    assert.deepEqual(jobs(), []);
  });

  it('with poll 0 leaves the task to itself; async_status waits for it and takes it away', async () => {
    const { result, events } = await run(
      `- {name: start, shell: "sleep 1; echo out; exit 3", async: 20, poll: 0, register: job}
- {name: early, async_status: {jid: "{{ job.ansible_job_id }}"}}
- name: wait
  async_status: {jid: "{{ job.ansible_job_id }}"}
  register: r
  until: r.finished
  delay: 0.3
  retries: 20
  failed_when: r.finished && r.rc != 3
- {name: said, debug: {msg: "{{ r.stdout }} {{ r.rc }}"}}
- {name: clean, async_status: {jid: "{{ job.ansible_job_id }}", mode: cleanup}}
- {name: late, async_status: {jid: "{{ job.ansible_job_id }}"}, ignore_errors: true}`,
    );
    const { status, fields } = result('start');
    assert.deepEqual([status, fields.started, fields.finished], ['changed', true, false]);
    assert.equal(fields.results_file, path(`home/.hostwright_async/${String(fields.ansible_job_id)}`));
    assert.deepEqual([result('early').status, result('early').fields.finished], ['ok', false]);
    assert.equal(result('wait').status, 'changed');
    assert.ok(events.some(({ type }) => type === 'task.retrying'));
    assert.equal(result('said').message, 'out 3');
    assert.equal(result('clean').status, 'changed');
    assert.match(result('late').message, /there is no job j\d+ of this user/);
    assert.deepEqual(jobs(), []);
    assert.equal(statSync(path('home/.hostwright_async')).mode & 0o777, 0o700);
  });

  it('says of a job whose time was up that it failed', async () => {
    const { result } = await run(
      `- {name: start, command: sleep 1000, async: 1, poll: 0, register: job}
- name: wait
  async_status: {jid: "{{ job.ansible_job_id }}"}
  register: r
  until: r.finished
  delay: 0.3
  retries: 50`,
    );
    assert.deepEqual([result('wait').status, result('wait').fields.finished], ['failed', true]);
    assert.match(result('wait').message, /did not end within the time/);
  });

  it('has a job also where there was nothing to run', async () => {
    const { result } = await run(
      `- {name: start, command: {cmd: touch x, creates: ${path('home')}}, async: 5, poll: 0, register: job}
- {name: wait, async_status: {jid: "{{ job.ansible_job_id }}"}, register: r, until: r.finished, delay: 0.3}
- {name: read, shell: {cmd: echo read, reads: true}, async: 5, poll: 0, register: job}
- {name: get, async_status: {jid: "{{ job.ansible_job_id }}"}, register: r, until: r.finished, delay: 0.3}`,
    );
    assert.deepEqual(
      ['start', 'wait', 'read', 'get'].map(name => result(name).status),
      ['ok', 'ok', 'ok', 'ok'],
    );
    assert.deepEqual([result('wait').fields.rc, result('get').fields.stdout], [0, 'read']);
  });

  it('starts a job for each item of a loop', async () => {
    const { result } = await run(
      `- {name: start, shell: "echo {{ item }}", loop: [a, b], async: 5, poll: 0, register: jobs}
- {name: wait, async_status: {jid: "{{ item.ansible_job_id }}"}, loop: "{{ jobs.results }}", register: r, until: r.finished, delay: 0.3}
- {name: said, debug: {msg: "{{ r.results.[0].stdout }} {{ r.results.[1].stdout }}"}}`,
    );
    assert.equal(result('said').message, 'a b');
    assert.equal(jobs().length, 2);
  });

  it('starts nothing in check mode, which cannot tell of the job', async () => {
    const { result, exitCode } = await run(
      `- {name: start, shell: "touch ${path('x')}", async: 5, poll: 0, register: job}
- {name: wait, async_status: {jid: "{{ job.ansible_job_id }}"}, register: r, until: r.finished}
- {name: poll, shell: "touch ${path('x')}", async: 5, poll: 1}
- {name: read, shell: {cmd: echo read, reads: true}, async: 5, poll: 0, register: other}
- {name: get, async_status: {jid: "{{ other.ansible_job_id }}"}}`,
      { check: true },
    );
    assert.equal(exitCode, 0);
    assert.deepEqual(
      ['start', 'wait', 'poll', 'read', 'get'].map(name => result(name).status),
      ['changed', 'unknown', 'changed', 'ok', 'unknown'],
    );
    assert.ok(!existsSync(path('x')));
    assert.deepEqual(jobs(), []);
  });

  it('is told before the run where it cannot be', async () => {
    const problems = async (task: string) => {
      const error = await run(task).catch((thrown: unknown) => thrown);
      assert.ok(error instanceof InvalidInput);
      return error.message;
    };
    assert.match(await problems('- {debug: {msg: x}, async: 5}'), /"debug" runs on the controller and cannot be a job/);
    assert.match(
      await problems(`- {flag: {path: /x, value: y}, async: 5, poll: 0}`),
      /with "poll: 0" nothing would prove what "flag" changes/,
    );
    assert.match(
      await problems(
        `- {command: id, async: 5, poll: 0, register: job}
- {debug: {msg: "{{ job.stdout }}"}}`,
      ),
      /the result "job" has no "stdout"/,
    );
  });
});
