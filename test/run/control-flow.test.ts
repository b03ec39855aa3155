import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { play, temporaryFolder } from './engine.ts';
import { flagWith } from './flag-module.ts';

const { path } = temporaryFolder();
const modules = [flagWith('flag')];

describe('blocks', () => {
  it('rescue a failure, run always, and count it as rescued', async () => {
    const { story, counts, exitCode } = await play(`
- hosts: all
  tasks:
    - block:
        - {name: one, fail: {msg: no}}
        - {name: two, debug: {msg: not reached}}
      rescue:
        - {name: three, debug: {msg: rescued}}
      always:
        - {name: four, debug: {msg: always}}
    - {name: five, debug: {msg: on}}
`);
    assert.deepEqual(story, ['h1: one failed', 'h1: three ok', 'h1: four ok', 'h1: five ok']);
    assert.deepEqual([counts().failed, counts().rescued, exitCode], [0, 1, 0]);
  });

  it('without rescue run always, and the host fails', async () => {
    const { story, exitCode } = await play(`
- hosts: all
  tasks:
    - block:
        - {name: one, fail: {msg: no}}
      always:
        - {name: two, debug: {msg: always}}
    - {name: three, debug: {msg: not reached}}
`);
    assert.deepEqual(story, ['h1: one failed', 'h1: two ok']);
    assert.equal(exitCode, 2);
  });

  it('loop over their tasks', async () => {
    await play(`
- hosts: all
  tasks:
    - loop: [a, b]
      block:
        - shell: "printf {{ item }}1 >>${path('log')}"
        - shell: "printf {{ item }}2 >>${path('log')}"
`);
    assert.equal(readFileSync(path('log'), 'utf8'), 'a1a2b1b2');
  });
});

describe('handlers', () => {
  it('run once, in the order of their definition, after the tasks; later ones may be notified by earlier ones', async () => {
    const { story } = await play(
      `
- hosts: all
  tasks:
    - {name: t1, flag: {path: ${path('a')}, value: x}, notify: [second, first]}
    - {name: t2, flag: {path: ${path('b')}, value: x}, notify: heard}
  handlers:
    - {name: first, flag: {path: ${path('c')}, value: x}, notify: third}
    - {name: second, debug: {msg: x}, listen: heard}
    - {name: third, debug: {msg: x}}
    - {name: never, debug: {msg: x}}
`,
      { modules },
    );
    assert.deepEqual(
      story.map(line => line.split(' ')[1]),
      ['t1', 't2', 'first', 'second', 'third'],
    );
  });

  it('are not run for a task that was ok, nor on a host that failed; what is owed is told', async () => {
    const { story, events } = await play(
      `
- hosts: all
  tasks:
    - {name: t1, flag: {path: ${path('a')}, value: x}, notify: h}
    - {name: t2, fail: {msg: no}}
  handlers:
    - {name: h, debug: {msg: x}}
`,
      { modules },
    );
    assert.deepEqual(story, ['h1: t1 changed', 'h1: t2 failed']);
    const last = events.find(event => event.type === 'host.finished');
    assert.deepEqual(
      last?.owed.map(({ name }) => name),
      ['h'],
    );
  });

  it('are owed by a task that failed after it had begun', async () => {
    const { story } = await play(`
- hosts: all
  tasks:
    - {name: t1, shell: "exit 1", notify: h, ignore_errors: true}
  handlers:
    - {name: h, debug: {msg: x}}
`);
    assert.deepEqual(story, ['h1: t1 failed', 'h1: h ok']);
  });

  it('can be flushed in between', async () => {
    const { story } = await play(
      `
- hosts: all
  tasks:
    - {name: t1, flag: {path: ${path('a')}, value: x}, notify: h}
    - {name: flush, meta: flush_handlers}
    - {name: t2, debug: {msg: x}}
  handlers:
    - {name: h, debug: {msg: x}}
`,
      { modules },
    );
    assert.deepEqual(
      story.map(line => line.split(' ')[1]),
      ['t1', 'flush', 'h', 't2'],
    );
  });
});

describe('loops', () => {
  it('go on after an item that failed; the whole has failed', async () => {
    const { result, events } = await play(`
- hosts: all
  tasks:
    - name: it
      shell: "printf {{ item }} >>${path('log')}; test {{ item }} != b"
      loop: [a, b, c]
      register: r
      ignore_errors: true
    - {name: after, assert: {that: "size(r.results) == 3 && r.failed && r.results[1].failed && !r.results[2].failed"}}
`);
    assert.equal(readFileSync(path('log'), 'utf8'), 'abc');
    assert.equal(result('it').status, 'failed');
    assert.equal(result('after').status, 'ok');
    const items = events
      .filter(event => event.type === 'item.finished')
      .map(event => `${event.item} ${event.result.status}`);
    assert.deepEqual(items, ['a changed', 'b failed', 'c changed']);
  });
});

describe('changed_when and failed_when', () => {
  it('decide on a command', async () => {
    const { result } = await play(`
- hosts: all
  tasks:
    - {name: unchanged, shell: "echo hi", changed_when: false}
    - {name: changed, shell: "echo hi", register: r, changed_when: "r.stdout.contains('hi')"}
    - {name: fine, shell: "exit 3", register: r, failed_when: "r.rc > 3"}
    - {name: fine and unchanged, shell: "exit 1", register: r, failed_when: "r.rc > 1", changed_when: false}
    - {name: fine and changed, shell: "exit 1", register: r, failed_when: "r.rc > 1", changed_when: "r.rc == 1"}
    - {name: wrong, shell: "echo bad", register: r, failed_when: "r.stdout.contains('bad')", ignore_errors: true}
`);
    assert.deepEqual(
      ['unchanged', 'changed', 'fine', 'fine and unchanged', 'fine and changed', 'wrong'].map(
        name => result(name).status,
      ),
      ['ok', 'changed', 'changed', 'ok', 'changed', 'failed'],
    );
  });

  it('let items pass with ignore_errors as they let tasks pass', async () => {
    const { events, counts } = await play(`
- hosts: all
  tasks:
    - {name: it, shell: "exit {{ item }}", loop: [0, 1], ignore_errors: true}
`);
    const items = events.filter(event => event.type === 'item.finished');
    assert.deepEqual(
      items.map(({ result }) => [result.status, result.ignored ?? false]),
      [
        ['changed', false],
        ['failed', true],
      ],
    );
    assert.equal(counts().ignored, 1);
  });

  it('cannot turn "did not converge" into ok', async () => {
    const { defective } = await import('./flag-module.ts');
    const { result } = await play(
      `- hosts: all\n  tasks:\n    - {name: it, applies_nothing: {path: ${path('f')}, value: x}, failed_when: false, changed_when: false}\n`,
      { modules: [defective.appliesNothing] },
    );
    assert.equal(result('it').status, 'failed');
  });
});

describe('check mode', () => {
  it('says unknown of what depends on a change that was only predicted, and goes on', async () => {
    const { story, exitCode, counts } = await play(
      `
- hosts: all
  tasks:
    - {name: folder, file: {path: ${path('d')}, state: directory}}
    - {name: inside, copy: {content: x, dest: ${path('d/f')}}}
    - {name: ran, command: uptime, register: r}
    - {name: needs, debug: {msg: "{{ r.stdout }}"}}
    - {name: depends, debug: {msg: x}, when: r.rc == 0}
    - {name: reads, command: {cmd: echo hi, reads: true}, register: hi}
    - {name: knows, assert: {that: "hi.stdout == 'hi'"}}
    - {name: sets, set_fact: {said: "{{ r.stdout }}"}}
    - {name: uses, debug: {msg: "{{ said }}"}}
`,
      { check: true },
    );
    assert.deepEqual(story, [
      'h1: folder changed',
      'h1: inside changed',
      'h1: ran changed',
      'h1: needs unknown',
      'h1: depends unknown',
      'h1: reads ok',
      'h1: knows ok',
      'h1: sets unknown',
      'h1: uses unknown',
    ]);
    assert.equal(exitCode, 0);
    assert.equal(counts().unknown, 4);
  });

  it('can be put off for a task', async () => {
    await play(`- hosts: all\n  tasks:\n    - {shell: "printf x >${path('f')}", check_mode: false}\n`, { check: true });
    assert.equal(readFileSync(path('f'), 'utf8'), 'x');
  });
});

describe('several hosts', () => {
  it('go on when one fails', async () => {
    const { exitCode, counts } = await play(
      `
- hosts: all
  tasks:
    - {name: one, fail: {msg: no}, when: inventory_hostname == "h2"}
    - {name: two, debug: {msg: x}}
- hosts: all
  tasks:
    - {name: three, debug: {msg: x}}
`,
      { inventory: ['h[1:3],'] },
    );
    assert.deepEqual([counts('h1').ok, counts('h2').failed, counts('h2').ok, counts('h3').ok], [2, 1, 0, 2]);
    assert.equal(exitCode, 2);
  });
});
