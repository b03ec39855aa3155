import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import type { TaskResult } from '../../src/events/event.ts';
import type { Hazard } from '../../src/events/result.ts';
import { kernel } from '../../src/facts/kernel.ts';
import type { AnyModule } from '../../src/modules/module.ts';
import { map } from '../../src/shell/look.ts';
import { raw, sh } from '../../src/shell/quote.ts';
import { type Answer, script } from '../../src/shell/script.ts';
import { play, temporaryFolder } from './engine.ts';
import { flagChanging, flagLook } from './flag-module.ts';
import { pendingModules, pendingPlay, waitingGuests } from './pending-modules.ts';

const { path } = temporaryFolder();

function hazardous(hazard: Hazard) {
  return flagChanging('hazardous', args => ({ hazards: [{ hazard, subject: args.path, because: 'it is written' }] }));
}

function run(hazard: Hazard, given: { playbook?: Hazard; commandLine?: Hazard; check?: boolean }) {
  const allow = given.playbook ? `\n      allow: [${given.playbook}]` : '';
  return play(`- hosts: all\n  tasks:\n    - name: it\n      hazardous: {path: ${path('f')}, value: new}${allow}`, {
    modules: [hazardous(hazard)],
    allow: given.commandLine ? [given.commandLine] : [],
    check: given.check ?? false,
  });
}

describe('consent', () => {
  for (const hazard of ['data-loss', 'reboot', 'guest-restart', 'service-interruption'] as const) {
    it(`keeps a change that may mean ${hazard} from happening, and check mode says so`, async () => {
      for (const check of [true, false]) {
        const { result, exitCode } = await run(hazard, { check });
        assert.equal(result('it').status, 'failed');
        assert.equal(result('it').message, `it needs consent: ${hazard} of ${path('f')}: it is written`);
        assert.match(result('it').hint ?? '', new RegExp(`--allow ${hazard}`));
        assert.equal(existsSync(path('f')), false);
        assert.equal(exitCode, 2);
      }
    });

    it(`lets ${hazard} pass when the command line allows it`, async () => {
      assert.equal((await run(hazard, { commandLine: hazard })).result('it').status, 'changed');
    });
  }

  it('lets a playbook allow all but the loss of data', async () => {
    assert.equal((await run('reboot', { playbook: 'reboot' })).result('it').status, 'changed');
  });

  it('does not let a playbook allow the loss of data', async () => {
    const { result } = await run('data-loss', { playbook: 'data-loss' });
    assert.equal(result('it').status, 'failed');
    assert.equal(existsSync(path('f')), false);
  });

  it('does not take consent to one hazard for another', async () => {
    assert.equal((await run('data-loss', { commandLine: 'reboot', playbook: 'reboot' })).result('it').status, 'failed');
  });
});

describe('a pending reboot', () => {
  it('is in the recap of every run until it is gone, and is not a failure', async () => {
    for (let times = 0; times < 2; times += 1) {
      const { result, counts, exitCode } = await play(pendingPlay(path), { modules: pendingModules(path('log')) });
      assert.equal(result('configured').status, 'ok');
      assert.equal(result('reboot').status, 'skipped');
      assert.equal(counts().pending, 1);
      assert.equal(exitCode, 0);
    }
  });

  it('is acted on by the handler without a notification, once it is allowed', async () => {
    const { result, counts } = await play(pendingPlay(path), {
      modules: pendingModules(path('log')),
      allow: ['reboot'],
    });
    assert.equal(result('configured').status, 'ok');
    assert.equal(result('reboot').status, 'changed');
    assert.equal(counts().pending, 0);
  });

  it('stands only as far as it is left, where the handler settles a part of it and fails', async () => {
    const { result, events } = await play(pendingPlay(path), { modules: waitingGuests(), allow: ['guest-restart'] });
    assert.deepEqual(
      [result('reboot').status, result('reboot').message],
      ['failed', 'restart exited with code 1: vm2 does not start'],
    );
    const waiting = events.flatMap(event => (event.type === 'host.finished' ? event.pending : []));
    assert.deepEqual(waiting, [{ kind: 'guest-restart', subject: 'vm2', reason: 'disk vda' }]);
  });

  it('is nothing to act on where there is none, though the handler is notified', async () => {
    const changes = `name: configured\n      notify: reboot\n      settles: {path: ${path('f')}, value: x}`;
    const text = pendingPlay(path).replace(/name: configured\n.*/, changes);
    const { result } = await play(text, { modules: pendingModules(path('log')), allow: ['reboot'] });
    assert.equal(result('configured').status, 'changed');
    assert.deepEqual([result('reboot').status, result('reboot').message], ['skipped', 'no reboot is pending']);
    assert.deepEqual(downAndUp(), ['down', 'up']);
  });

  for (const hazard of ['reboot', 'guest-restart'] as const) {
    it(`takes down one host at a time for a ${hazard}`, async () => {
      const { counts } = await settleOnThree(pendingModules(path('log'), { hazard }), hazard);
      assert.equal(counts('h2').changed, 1);
      assert.deepEqual(downAndUp(), ['down', 'up', 'down', 'up', 'down', 'up']);
    });

    it(`stops at the first host that is not as it should be after a ${hazard}`, async () => {
      const [announces, settles] = pendingModules(path('log'), { hazard });
      const failing = { ...settles!, look: () => map(flagLook(raw(':')), () => ({ value: undefined })) };
      const { results, exitCode } = await settleOnThree([announces!, failing], hazard);
      assertOnlyOneWentDown(results('reboot'), /did not converge/);
      assert.equal(exitCode, 2);
    });
  }

  it('takes down as many at once as max_down says', async () => {
    const text = pendingPlay(path).replace('hosts: all', 'hosts: all\n  max_down: 2');
    const modules = pendingModules(path('log'), { together: 2 });
    await play(text, { modules, allow: ['reboot'], inventory: ['h[1:3],'] });
    assert.equal(downAndUp().slice(0, 3).join(' '), 'down down up');
    assert.equal(downAndUp().length, 6);
  });

  it('stops at the first host that never comes back: one that keeps its boot id has not gone down', async () => {
    const { results, exitCode } = await settleOnThree(
      pendingModules(path('log'), { verify: { reconnect: 1 } }),
      'reboot',
    );
    assertOnlyOneWentDown(results('reboot'), /^The host did not come back within 1 s: it has not gone down/);
    assert.equal(exitCode, 6);
  });

  it('undoes what was done for it on a host that has not gone down', async () => {
    const undo = script({ back: sh`echo undone >>${path('log')}` });
    const options = {
      modules: pendingModules(path('log'), { verify: { reconnect: 1 }, undo }),
      allow: ['reboot'] as const,
    };
    const { result } = await play(pendingPlay(path), options);
    assert.match(result('reboot').message, /it has not gone down: its boot id is the old one; it was undone$/);
    assert.match(readFileSync(path('log'), 'utf8'), /undone/);
  });

  it('is over with other facts: they are of the boot in which they were gathered', async () => {
    const probe = script({ look: sh`cat ${path('log')} 2>/dev/null; :` });
    const boots = { ...kernel, probe, read: (answer: Answer) => ({ boot_id: answer.look?.stdout.trim() }) };
    const tells = (name: string) => `    - {name: ${name}, debug: {msg: "<{{ facts.kernel.boot_id }}>"}}\n`;
    const settles = `    - {name: reboots, settles: {path: ${path('f')}, value: done}}\n`;
    const text = `- hosts: all\n  tasks:\n${tells('before')}${settles}${tells('after')}`;
    const options = { modules: pendingModules(path('log')), facts: [boots], allow: ['reboot'] as const };
    const { result } = await play(text, options);
    assert.deepEqual([result('before').message, result('after').message], ['<>', '<down\nup>']);
  });

  function downAndUp(): readonly string[] {
    return readFileSync(path('log'), 'utf8').trim().split('\n');
  }

  function settleOnThree(modules: readonly AnyModule[], hazard: Hazard) {
    return play(pendingPlay(path), { modules, allow: [hazard], inventory: ['h[1:3],'] });
  }

  function assertOnlyOneWentDown(results: Readonly<Record<string, TaskResult>>, why: RegExp): void {
    const messages = Object.values(results).map(({ message }) => message);
    assert.equal(messages.filter(message => why.test(message)).length, 1, messages.join('\n'));
    assert.equal(messages.filter(message => /^not done, because h\d did not come back/.test(message)).length, 2);
    assert.deepEqual(downAndUp(), ['down', 'up']);
  }
});
