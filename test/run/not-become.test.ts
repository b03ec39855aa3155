import assert from 'node:assert/strict';
import { factGroups } from '../../src/facts/index.ts';
import { play } from './engine.ts';

describe('a user whom no one can become', function () {
  this.timeout(120_000);
  before(function () {
    // su asks others for a password.
    if (process.getuid?.() !== 0) this.skip();
  });
  const task = (more: string) =>
    `{name: it, command: "true", become: true, become_method: su, become_user: hw-no-such${more}}`;

  it('fails the task, and says so; the host is not unreachable', async () => {
    const { exitCode, results } = await play(`- {hosts: all, tasks: [${task('')}]}`);
    const { h1 } = results('it');
    assert.equal(exitCode, 2);
    assert.equal(h1?.status, 'failed', h1?.message);
    assert.match(h1.message, /^su on this machine refused to become hw-no-such\. It said:\nsu: .*hw-no-such/);
    assert.equal(h1.hint, 'The host has no user hw-no-such. Correct become_user, or make the user before.');
  });

  it('is for ignore_errors and rescue, and the next task runs', async () => {
    const block = `{block: [${task('')}], rescue: [{name: saved, command: "true"}]}`;
    const { exitCode, results } = await play(`- {hosts: all, tasks: [${task(', ignore_errors: true')}, ${block}]}`);
    assert.equal(exitCode, 0);
    assert.equal(results('saved').h1?.status, 'changed');
  });

  it('fails the play that gathers facts as that user', async () => {
    const say = '{name: say, debug: {msg: "{{ facts.os.id }}"}}';
    const head = '{hosts: all, become: true, become_method: su, become_user: hw-no-such';
    const { exitCode, events } = await play(`- ${head}, tasks: [${say}]}`, { facts: factGroups });
    assert.equal(exitCode, 2);
    const failed = events.find(event => event.type === 'host.failed');
    assert.match(failed?.message ?? '', /^facts cannot be gathered: su on this machine refused/);
  });
});
