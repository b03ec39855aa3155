import assert from 'node:assert/strict';
import { play } from './engine.ts';

const inventory = ['test/run/later-keywords.yml'];

describe('keywords that are evaluated', function () {
  this.timeout(120_000);

  it('count for each host: no_log, ignore_errors, check_mode, become, retries', async () => {
    const run = await play(
      `
- hosts: all
  tasks:
    - {name: hidden, command: echo text, no_log: "{{ wish }}"}
    - {name: passes, command: "false", ignore_errors: !expr wish}
    - {name: passes too, command: "false", ignore_errors: "{{ true }}"}
    - {name: looks, command: touch /nowhere/at/all, check_mode: !expr wish, ignore_errors: true}
    - {name: itself, command: id -un, become: "{{ false }}", register: who}
    - {name: thrice, command: "false", retries: !expr times, delay: "{{ 0 }}", ignore_errors: true}
`,
      { inventory },
    );
    const of = (task: string) => run.results(task);
    assert.deepEqual(
      ['h1', 'h2'].map(host => of('hidden')[host]?.fields.stdout),
      [undefined, 'text'],
    );
    assert.equal(of('hidden').h1?.message, 'hidden by no_log');
    assert.deepEqual([of('passes').h1?.ignored, of('passes').h2?.ignored], [true, undefined]);
    assert.equal(of('passes too').h1?.ignored, true);
    assert.equal(of('looks').h1?.status, 'changed');
    assert.equal(of('looks').h2, undefined, 'h2 has failed before');
    assert.equal(of('thrice').h1?.fields.attempts, 3);
  });

  it('notify the handlers that they name', async () => {
    const run = await play(
      `
- hosts: all
  tasks:
    - {name: one, command: "true", notify: "{{ handler }}"}
    - {name: two, command: "true", notify: [second, !expr "wish ? omit : 'third'"]}
  handlers:
    - {name: first, debug: {msg: ran}}
    - {name: second, debug: {msg: ran}}
    - {name: third, debug: {msg: ran}}
`,
      { inventory },
    );
    assert.deepEqual(Object.keys(run.results('first')), ['h1']);
    assert.deepEqual(Object.keys(run.results('second')), ['h1', 'h2']);
    assert.deepEqual(Object.keys(run.results('third')), ['h2']);
  });

  it('that are the same for all hosts have the values of the play: run_once, throttle, any_errors_fatal', async () => {
    const run = await play(
      `
- hosts: all
  vars: {once: true}
  tasks:
    - {name: once, command: "true", run_once: !expr once}
    - {name: each, command: "true", run_once: "{{ false }}", throttle: "{{ at_once }}"}
    - {name: stops, command: "false", any_errors_fatal: !expr once, when: wish}
    - {name: after, command: "true"}
`,
      { inventory, vars: { at_once: '1' }, texts: ['at_once'] },
    );
    assert.equal(Object.keys(run.results('once')).length, 1);
    assert.equal(Object.keys(run.results('each')).length, 2);
    assert.deepEqual(run.results('after'), {});
  });

  it('of which one has no value fails the task, unless a condition that does not hold comes first', async () => {
    const run = await play(
      `
- hosts: h1
  tasks:
    - {name: ask, command: echo 7, register: asked}
    - {name: skipped, command: "true", timeout: "{{ asked.stdout }}", when: asked.rc == 1}
    - {name: wrong, command: echo secret, no_log: "{{ asked.stdout }}"}
`,
      { inventory },
    );
    assert.equal(run.result('skipped').status, 'skipped');
    assert.equal(run.result('wrong').status, 'failed');
    assert.match(run.result('wrong').message, /"no_log" must be true or false, not "7"/);
  });

  it('in check mode wait for what an earlier task would give', async () => {
    const run = await play(
      `
- hosts: h1
  tasks:
    - {name: ask, command: echo 7, register: asked}
    - {name: it, command: "true", ignore_errors: !expr asked.rc == 0}
`,
      { inventory, check: true },
    );
    assert.equal(run.result('it').status, 'unknown');
  });
});
