import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { play, temporaryFolder } from './engine.ts';

const { path } = temporaryFolder();
const five = { inventory: ['h1,h2,h3,h4,h5'] };

/** What tasks wrote one after the other, of all hosts. */
function log(): string[] {
  return readFileSync(path('log'), 'utf8').trim().split('\n');
}

/** A task that writes a word of its own and its host's into the log. */
function note(word: string): string {
  return `{name: ${word}, shell: "echo ${word} {{ inventory_hostname }} >>${path('log')}"}`;
}

describe('the hosts of a play', () => {
  for (const [order, expected] of [
    ['inventory', 'h2 h1 h3'],
    ['reverse_inventory', 'h3 h1 h2'],
    ['sorted', 'h1 h2 h3'],
    ['reverse_sorted', 'h3 h2 h1'],
  ]) {
    it(`go in the order "${order}"`, async () => {
      await play(`- {hosts: all, order: ${order}, strategy: linear, tasks: [${note('a')}]}`, {
        inventory: ['h2,h1,h3'],
        forks: 1,
      });
      assert.deepEqual(
        log(),
        expected!.split(' ').map(host => `a ${host}`),
      );
    });
  }

  it('are all there in whatever order', async () => {
    const { story } = await play(`- {hosts: all, order: shuffle, tasks: [{name: a, debug: {msg: x}}]}`, five);
    assert.equal(new Set(story).size, 5);
  });

  it('go at their own speed, or in step with "strategy: linear"', async () => {
    const slow = `{shell: "[ {{ inventory_hostname }} != h1 ] || sleep 0.3"}`;
    const text = (more: string) => `- {hosts: all, ${more} tasks: [${slow}, ${note('a')}, ${note('b')}]}`;
    const two = { inventory: ['h1,h2'] };
    await play(text(''), two);
    assert.deepEqual(log(), ['a h2', 'b h2', 'a h1', 'b h1']);
    await play(text('strategy: linear,'), two);
    assert.deepEqual(
      log()
        .slice(4)
        .map(line => line[0]),
      ['a', 'a', 'b', 'b'],
    );
  });

  it('are never more at once at a task than its throttle says', async () => {
    for (const where of ['play', 'task']) {
      const count = `n=$(ls ${path('')} | grep -c '^at-'); echo $n >>${path('log')}; rm ${path('at-')}$$`;
      const task = `shell: "touch ${path('at-')}$$; sleep 0.05; ${count}"`;
      const [ofPlay, ofTask] = where === 'play' ? ['throttle: 2, ', ''] : ['', ', throttle: 2'];
      await play(`- {hosts: all, ${ofPlay}tasks: [{${task}${ofTask}}]}`, five);
    }
    assert.equal(log().length, 10);
    assert.ok(
      log().every(count => Number(count) <= 2),
      log().join(' '),
    );
  });

  it('are never more at work than there are forks', async () => {
    const task = `shell: "touch ${path('at-')}$$; sleep 0.05; ls ${path('')} | grep -c '^at-' >>${path('log')}; rm ${path('at-')}$$"`;
    for (const strategy of ['free', 'linear'])
      await play(`- {hosts: all, strategy: ${strategy}, tasks: [{${task}}]}`, { ...five, forks: 2 });
    assert.ok(
      log().every(count => Number(count) <= 2),
      log().join(' '),
    );
  });
});

describe('batches', () => {
  it('go one after the other, the last size repeated', async () => {
    const { events } = await play(`- {hosts: all, serial: [1, 40%], tasks: [${note('a')}, ${note('b')}]}`, five);
    const batches = events.filter(event => event.type === 'batch.started');
    assert.deepEqual(
      batches.map(({ hosts }) => hosts.join(' ')),
      ['h1', 'h2 h3', 'h4 h5'],
    );
    assert.deepEqual(
      batches.map(({ batch, of }) => `${batch}/${of}`),
      ['1/3', '2/3', '3/3'],
    );
    const hosts = log().map(line => line.split(' ')[1]!);
    assert.deepEqual(
      [hosts.slice(0, 2), hosts.slice(2, 6).toSorted(), hosts.slice(6).toSorted()],
      [
        ['h1', 'h1'],
        ['h2', 'h2', 'h3', 'h3'],
        ['h4', 'h4', 'h5', 'h5'],
      ],
    );
  });

  it('know their hosts', async () => {
    const { results } = await play(
      `
- hosts: all
  serial: 2
  tasks:
    - name: it
      debug: {msg: "{{ join ansible_play_batch ' ' }} of {{ join ansible_play_hosts_all ' ' }}, {{ join ansible_play_hosts ' ' }} go"}
`,
      { inventory: ['h1,h2,h3'] },
    );
    assert.equal(results('it').h3!.message, 'h3 of h1 h2 h3, h1 h2 h3 go');
  });

  it('end where a whole batch has failed: no other begins, and no other play', async () => {
    const { story, exitCode, events } = await play(
      `
- hosts: all
  serial: 1
  tasks:
    - {name: it, shell: "[ {{ inventory_hostname }} != h2 ]"}
- hosts: all
  tasks: [{name: later, debug: {msg: x}}]
`,
      { inventory: ['h1,h2,h3'] },
    );
    assert.deepEqual(story, ['h1: it changed', 'h2: it failed']);
    assert.equal(exitCode, 2);
    const message = events.find(event => event.type === 'message');
    assert.equal(message?.text, 'The run ends here: every host of the batch has failed.');
  });

  it('have a gate between them: what does not hold on one host stops the rest', async () => {
    const gate = (value: string) => `
- hosts: all
  serial: 2
  gate:
    - {name: gate, assert: {that: ${JSON.stringify(value)}}}
  tasks:
    - {name: it, debug: {msg: x}}
`;
    const open = await play(gate('true'), five);
    assert.deepEqual(
      open.story.filter(line => line.includes('gate')).toSorted(),
      [1, 2, 3, 4].map(n => `h${n}: gate ok`),
    );
    const shut = await play(gate('inventory_hostname != "h2"'), five);
    assert.deepEqual(shut.story.filter(line => line.includes('it')).toSorted(), ['h1: it ok', 'h2: it ok']);
    assert.equal(shut.exitCode, 2);
    const last = shut.events.find(event => event.type === 'message');
    assert.equal(last?.text, 'The run ends here: the gate of the play "all" does not hold on h2.');
  });

  it('have a gate whose run_once tasks run behind each batch, whatever ran once before', async () => {
    const gate = (task: string) => `
- hosts: all
  serial: 2
  gate:
    - {name: gate, ${task}, run_once: true}
  pre_tasks:
    - {name: before, debug: {msg: x}, run_once: true}
  tasks:
    - {name: it, debug: {msg: x}}
`;
    const open = await play(gate('debug: {msg: x}'), { inventory: ['h1,h2,h3,h4,h5,h6'] });
    assert.deepEqual(
      open.story.filter(line => /gate|before/.test(line)),
      ['h1: before ok', 'h1: gate ok', 'h3: gate ok'],
    );
    const shut = await play(gate('fail: {msg: no}'), five);
    assert.deepEqual(shut.story.filter(line => line.includes('it')).toSorted(), ['h1: it ok', 'h2: it ok']);
    assert.equal(shut.exitCode, 2);
  });
});

describe('the budget of failures', () => {
  const failing = (count: number, more: string) =>
    `
- hosts: all
  ${more}
  tasks:
    - {name: one, fail: {msg: no}, when: "int(inventory_hostname.substring(1)) <= ${count}"}
    - {name: two, debug: {msg: x}}
`.replaceAll(
      `int(inventory_hostname.substring(1)) <= ${count}`,
      `inventory_hostname in ${JSON.stringify(['h1', 'h2', 'h3', 'h4', 'h5'].slice(0, count)).replaceAll('"', "'")}`,
    );

  it('is spent when more than its share has failed, over the batch', async () => {
    const fine = await play(failing(2, 'max_fail_percentage: 40'), five);
    assert.deepEqual(fine.story.filter(line => line.includes('two')).toSorted(), [
      'h3: two ok',
      'h4: two ok',
      'h5: two ok',
    ]);
    const spent = await play(failing(3, 'max_fail_percentage: 40'), five);
    assert.deepEqual(
      spent.story.filter(line => line.includes('two')),
      [],
    );
    const stopped = spent.events.filter(event => event.type === 'host.stopped');
    assert.deepEqual(stopped.map(({ host }) => host).toSorted(), ['h4', 'h5']);
    assert.equal(stopped[0]!.reason, '3 of 5 hosts of the batch have failed, and max_fail_percentage is 40');
  });

  it('is spent at the first failure with 0 percent', async () => {
    const { story } = await play(failing(1, 'max_fail_percentage: 0'), five);
    assert.deepEqual(
      story.filter(line => line.includes('two')),
      [],
    );
  });

  it('counts over the fleet too: three batches with one failure each are three failures', async () => {
    const text = `
- hosts: all
  serial: 2
  max_fail_percentage: 50
  tasks:
    - {name: one, fail: {msg: no}, when: "inventory_hostname in ['h1', 'h3', 'h5']"}
    - {name: two, debug: {msg: x}}
- hosts: all
  tasks: [{name: later, debug: {msg: x}}]
`;
    const { story, events } = await play(text, { inventory: ['h1,h2,h3,h4,h5,h6,h7,h8'] });
    assert.deepEqual(story.filter(line => line.includes('later')).length, 5, 'three of eight are less than half');
    assert.equal(
      events.some(event => event.type === 'host.stopped'),
      false,
    );
    const few = await play(text, five);
    assert.deepEqual(
      few.story.filter(line => line.includes('later')),
      [],
    );
    const last = few.events.find(event => event.type === 'message');
    assert.match(last?.text ?? '', /1 of 1 hosts of the batch have failed|3 of 5 hosts have failed/);
  });

  it('counts hosts that cannot be reached', async () => {
    // No server listens on port 1.
    writeFileSync(path('hosts'), 'h1 ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1\nh2\nh3\n');
    const { story, exitCode } = await play(
      `
- hosts: all
  max_fail_percentage: 30
  tasks:
    - {name: one, command: "true"}
    - {name: two, debug: {msg: x}}
`,
      { inventory: [path('hosts')] },
    );
    assert.deepEqual(
      story.filter(line => line.includes('two')),
      [],
    );
    assert.equal(exitCode, 4);
  });

  it('with any_errors_fatal is one failure: no host goes on, always still runs, a rescue is everyone’s', async () => {
    const { story, counts } = await play(
      `
- hosts: all
  any_errors_fatal: true
  tasks:
    - block:
        - {name: one, fail: {msg: no}, when: "inventory_hostname == 'h2'"}
        - {name: two, debug: {msg: x}}
      always:
        - {name: three, debug: {msg: x}}
    - {name: four, debug: {msg: x}}
`,
      { inventory: ['h1,h2'] },
    );
    assert.deepEqual(
      story.filter(line => /two|four/.test(line)),
      [],
    );
    assert.deepEqual(story.filter(line => line.includes('three')).toSorted(), ['h1: three ok', 'h2: three ok']);
    assert.deepEqual([counts('h1').failed, counts('h2').failed], [0, 1]);
    const rescued = await play(
      `
- hosts: all
  any_errors_fatal: true
  tasks:
    - block:
        - {name: one, fail: {msg: no}, when: "inventory_hostname == 'h2'"}
      rescue:
        - {name: two, debug: {msg: "{{ ansible_failed_result.msg }}"}}
    - {name: three, debug: {msg: x}}
`,
      { inventory: ['h1,h2'] },
    );
    assert.deepEqual(rescued.story.filter(line => line.includes('three')).toSorted(), ['h1: three ok', 'h2: three ok']);
    assert.deepEqual([rescued.counts('h1').rescued, rescued.counts('h2').rescued, rescued.exitCode], [1, 1, 0]);
  });
});

describe('a task with run_once', () => {
  it('runs on the first host whose conditions hold, once a play, and everyone has its result', async () => {
    const { story, results } = await play(
      `
- hosts: all
  serial: 2
  tasks:
    - {name: one, shell: "echo from {{ inventory_hostname }}", run_once: true, register: r, when: "inventory_hostname != 'h1'"}
    - {name: two, debug: {msg: "{{ r.stdout }}"}, when: "has(r.stdout)"}
`,
      { inventory: ['h1,h2,h3,h4'] },
    );
    assert.deepEqual(
      story.filter(line => line.includes('one')),
      ['h2: one changed'],
    );
    assert.deepEqual(
      Object.values(results('two')).map(({ message }) => message),
      Array(4).fill('from h2'),
    );
  });

  it('fails for everyone', async () => {
    const { story, exitCode } = await play(
      `
- hosts: all
  tasks:
    - {name: one, fail: {msg: no}, run_once: true}
    - {name: two, debug: {msg: x}}
`,
      { inventory: ['h1,h2'] },
    );
    assert.deepEqual(story, ['h1: one failed']);
    assert.equal(exitCode, 2);
  });

  it('that fails is rescued by everyone, with any_errors_fatal, too', async () => {
    const { story, counts, exitCode } = await play(
      `
- hosts: all
  any_errors_fatal: true
  tasks:
    - block:
        - {name: one, fail: {msg: no}, run_once: true}
      rescue:
        - {name: two, debug: {msg: x}}
    - {name: three, debug: {msg: x}}
- hosts: all
  tasks: [{name: four, debug: {msg: x}}]
`,
      { inventory: ['h1,h2,h3'] },
    );
    for (const name of ['two', 'three', 'four'])
      assert.deepEqual(
        story.filter(line => line.includes(name)).toSorted(),
        ['h1', 'h2', 'h3'].map(host => `${host}: ${name} ok`),
      );
    assert.deepEqual(
      ['h1', 'h2', 'h3'].map(host => counts(host).rescued),
      [1, 1, 1],
    );
    assert.equal(exitCode, 0);
  });

  it('that fails with any_errors_fatal lets no other batch begin', async () => {
    const { story, exitCode } = await play(
      `
- hosts: all
  any_errors_fatal: true
  serial: 2
  tasks:
    - {name: one, fail: {msg: no}, run_once: true}
    - {name: two, debug: {msg: x}}
`,
      { inventory: ['h1,h2,h3,h4'] },
    );
    assert.deepEqual(story, ['h1: one failed']);
    assert.equal(exitCode, 2);
  });
});
