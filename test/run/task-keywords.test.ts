import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { InvalidInput } from '../../src/language/diagnostic.ts';
import { play, temporaryFolder } from './engine.ts';
import { flagWith } from './flag-module.ts';

const { path } = temporaryFolder();
const modules = [flagWith('flag')];
const two = { inventory: ['h1,h2'] };

function log(): string[] {
  return existsSync(path('log')) ? readFileSync(path('log'), 'utf8').trim().split('\n') : [];
}

describe('until', () => {
  it('repeats a task until its conditions hold, and tells of each attempt', async () => {
    const { result, events } = await play(`
- hosts: all
  tasks:
    - name: it
      shell: "echo x >>${path('log')}; wc -l <${path('log')}"
      register: r
      until: int(r.stdout) == 3
      retries: 5
      delay: 0
    - {name: after, debug: {msg: "{{ r.attempts }}"}}
`);
    assert.equal(log().length, 3);
    assert.equal(result('after').message, '3');
    const attempts = events.filter(event => event.type === 'task.retrying');
    assert.deepEqual(
      attempts.map(({ attempt, of }) => `${attempt}/${of}`),
      ['1/6', '2/6'],
    );
  });

  it('fails after the last attempt, with the condition; without a condition it waits for success', async () => {
    const { result, exitCode } = await play(`
- hosts: all
  tasks:
    - {name: one, shell: "echo x >>${path('log')}", until: "result.rc == 1", retries: 2, delay: 0, ignore_errors: true}
    - {name: two, shell: "echo x >>${path('log')}; [ $(wc -l <${path('log')}) -ge 5 ]", retries: 3, delay: 0}
`);
    assert.equal(result('one').message, 'after 3 attempts this does not hold: result.rc == 1');
    assert.equal(result('two').status, 'changed');
    assert.deepEqual([log().length, exitCode], [5, 0]);
  });
});

describe('Ctrl-C', () => {
  it('ends the attempts of a task, and the wait between them', async () => {
    const stop = new AbortController();
    const text = `
- hosts: all
  tasks: [{name: it, shell: "echo x >>${path('log')}", until: "result.rc == 1", retries: 9, delay: 600}]
`;
    const { result } = await play(text, {
      signal: stop.signal,
      onEvent: event => event.type === 'task.retrying' && stop.abort(),
    });
    assert.equal(result('it').message, 'after 2 attempts this does not hold: result.rc == 1');
    assert.equal(log().length, 2);
  });
});

describe('a long time', () => {
  /**
   * Runs tasks and stops the run a while after the first event of a kind: what waits has not gone
   * on.
   */
  async function stopAfter(type: string, tasks: string): Promise<void> {
    const stop = new AbortController();
    await play(`\n- hosts: all\n  tasks:\n${tasks}`, {
      signal: stop.signal,
      onEvent: event => event.type === type && setTimeout(() => stop.abort(), 300),
    });
  }

  // A timer of Node cannot take so long, and would fire at once.
  const long = 9_999_999;
  for (const [what, event, tasks] of [
    ['a pause', 'task.started', `    - pause: {seconds: ${long}}\n    - shell: "echo x >>LOG"`],
    [
      'the delay of an attempt',
      'task.retrying',
      `    - {shell: "echo x >>LOG; wc -l <LOG", until: int(result.stdout) == 9, retries: 9, delay: ${long}}`,
    ],
    [
      'the pause of a loop',
      'item.finished',
      `    - {shell: "echo x >>LOG", loop: [1, 2, 3], loop_control: {pause: ${long}}}`,
    ],
  ] as const) {
    it(`is not over at once: ${what}, which Ctrl-C ends`, async () => {
      writeFileSync(path('log'), '');
      await stopAfter(event, tasks.replaceAll('LOG', path('log')));
      const done = readFileSync(path('log'), 'utf8').length / 2;
      assert.equal(done, { 'a pause': 0, 'the delay of an attempt': 2, 'the pause of a loop': 1 }[what]);
    });
  }

  it('is not over at once: the timeout of a task, and of what it sends', async () => {
    const { result } = await play(`
- hosts: all
  tasks:
    - {name: runs, shell: "sleep 0.1; echo fine", timeout: ${long}}
    - {name: sends, copy: {content: "${'x'.repeat(100_000)}", dest: "${path('large')}"}, timeout: ${long}}
`);
    assert.equal(result('runs').fields.stdout, 'fine');
    assert.equal(result('sends').status, 'changed', result('sends').message);
  });
});

describe('timeout', () => {
  it('stops what hangs, and not the task after it', async function () {
    this.timeout(60_000);
    const { result } = await play(
      `
- hosts: all
  tasks:
    - {name: late, shell: "trap '' TERM; sleep 2.5; true", timeout: 1, ignore_errors: true}
    - {name: next, shell: "sleep 7; echo fine"}
`,
      { lookAhead: 0 },
    );
    assert.equal(result('late').status, 'failed');
    assert.deepEqual([result('next').status, result('next').fields.stdout], ['changed', 'fine']);
  });
});

describe('loop_control', () => {
  it('names the item and its place, tells the course, and ends early', async () => {
    const { events } = await play(`
- hosts: all
  tasks:
    - name: it
      loop: [a, b, c, d]
      loop_control: {loop_var: letter, index_var: at, label: "{{ at }}{{ letter }}", extended: true, break_when: letter == "c"}
      shell: "echo {{ letter }} {{ ansible_loop.index }} of {{ ansible_loop.length }} {{ ansible_loop.last }} >>${path('log')}"
`);
    assert.deepEqual(log(), ['a 1 of 4 false', 'b 2 of 4 false', 'c 3 of 4 false']);
    const labels = events.filter(event => event.type === 'item.finished').map(({ item }) => item);
    assert.deepEqual(labels, ['0a', '1b', '2c']);
  });

  it('pauses between items, and loops over maps and blocks', async () => {
    const started = Date.now();
    await play(`
- hosts: all
  tasks:
    - loop: {x: 1, y: 2}
      loop_control: {pause: 0.1}
      block:
        - shell: "echo {{ item.key }}{{ item.value }} >>${path('log')}"
`);
    assert.ok(Date.now() - started >= 100);
    assert.deepEqual(log(), ['x1', 'y2']);
  });
});

describe('keywords that are evaluated', () => {
  it('take an expression', async () => {
    const { events, result } = await play(
      `
- hosts: h1
  strategy: linear
  vars: {env: {A: a, B: "{{ 1 }}"}, data: {B: b}}
  environment: "{{ env }}"
  tasks:
    - name: one
      shell: 'echo "$A $B $C"'
      environment: !expr 'merge(data, {"C": default(nowhere, "c")})'
    - {name: two, set_fact: {mine: 1}, delegate_to: !expr '"h" + string(1 + 1)', delegate_facts: true}
    - {name: three, debug: {msg: "{{ hostvars.h2.mine }}"}}
    - name: four
      debug: {msg: "{{ item }}"}
      loop: [1, 2]
      loop_control: {label: !expr 'string(item + 1)'}
    - {name: five, command: id -un, become: true, become_user: !expr 'default(nowhere, "root")', when: "false"}
`,
      two,
    );
    assert.equal(result('one').fields?.stdout, 'a b c');
    assert.equal(result('three').message, '1');
    const labels = events.filter(event => event.type === 'item.finished').map(({ item }) => item);
    assert.deepEqual(labels, ['2', '3']);
  });
});

describe('delegate_to', () => {
  it('does the work on another host, and the result is this one’s', async () => {
    const { results, counts } = await play(
      `
- hosts: h1
  tasks:
    - {name: one, shell: "echo at {{ inventory_hostname }}", delegate_to: h2, register: r}
    - {name: two, debug: {msg: "{{ r.stdout }}"}}
    - {name: three, set_fact: {mine: 1}, delegate_to: h2}
    - {name: four, set_fact: {theirs: 2}, delegate_to: h2, delegate_facts: true}
    - {name: five, assert: {that: "mine == 1"}}
- hosts: h2
  tasks:
    - {name: six, assert: {that: ["theirs == 2", "hostvars.h1.mine == 1", "!has(hostvars.h2.mine)"]}}
`,
      two,
    );
    assert.equal(results('two').h1!.message, 'at h1');
    assert.equal(results('six').h2!.status, 'ok');
    assert.deepEqual([counts('h1').ok, counts('h2').ok, counts('h1').changed], [5, 1, 1]);
  });

  it('asks for the host of each item', async () => {
    const { result } = await play(
      `
- hosts: h1
  tasks:
    - {name: one, shell: "echo {{ item }} >>${path('log')}", loop: [h1, h2], delegate_to: "{{ item }}"}
    - {name: two, debug: {msg: x}, delegate_to: null}
`,
      two,
    );
    assert.deepEqual(log(), ['h1', 'h2']);
    assert.equal(result('two').status, 'ok');
  });

  it('fails where that host cannot be reached, and the host itself goes on being reachable', async () => {
    writeFileSync(path('hosts'), 'h1\nh2 ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1\n');
    const { results, counts } = await play(
      `
- hosts: h1
  tasks:
    - {name: one, command: "true", delegate_to: h2, ignore_errors: true}
    - {name: two, command: "true"}
`,
      { inventory: [path('hosts')] },
    );
    assert.match(results('one').h1!.message, /^delegated to h2: /);
    assert.deepEqual([counts('h1').unreachable, counts('h1').ok, counts('h1').ignored], [0, 2, 1]);
  });
});

describe('settings of a task', () => {
  it('are inherited, and the nearest wins', async () => {
    const { results } = await play(`
- hosts: all
  ignore_errors: true
  environment: {A: play, B: play}
  module_defaults: {debug: {msg: from the play}}
  tasks:
    - {name: one, fail: {msg: no}}
    - environment: {B: block}
      module_defaults: {debug: {msg: from the block}}
      block:
        - {name: two, shell: "echo $A $B $C", environment: {C: task}, register: r}
        - {name: three, debug: {}}
        - {name: four, debug: {msg: own}}
    - {name: five, debug: }
    - {name: six, debug: {msg: "{{ r.stdout }}"}}
    - {name: seven, fail: {msg: no}, ignore_errors: false}
`);
    const messages = ['three', 'four', 'five', 'six'].map(name => results(name).h1!.message);
    assert.deepEqual(messages, ['from the block', 'own', 'from the play', 'play block task']);
    assert.equal(results('seven').h1!.ignored, undefined);
  });

  it('leave out what is omitted', async () => {
    const { result } = await play(`
- hosts: all
  vars: {wanted: null}
  tasks:
    - {name: one, file: {path: "${path('f')}", state: touch, mode: "{{ default wanted omit }}"}}
`);
    assert.equal(result('one').status, 'changed');
  });

  it('run in check mode what says so, and only foretell what says that', async () => {
    for (const check of [true, false]) {
      await play(
        `
- hosts: all
  tasks:
    - {shell: "echo real >>${path('log')}", check_mode: false}
    - {shell: "echo never >>${path('log')}", check_mode: true}
`,
        { check },
      );
    }
    assert.deepEqual(log(), ['real', 'real']);
  });

  it('keep secrets: no_log hides, diff: false shows no diff', async () => {
    const { events, result } = await play(`
- hosts: all
  tasks:
    - {name: one, shell: "echo hush", no_log: true, loop: [a, b]}
    - {name: two, copy: {content: "x\\n", dest: "${path('f')}"}, diff: false}
`);
    assert.ok(!JSON.stringify(events).includes('hush'));
    assert.deepEqual([result('two').status, result('two').diff], ['changed', []]);
  });

  for (const module of ['uri', 'get_url']) {
    it(`keep secrets: the headers of ${module} are masked wherever they turn up from then on`, async () => {
      const { events, result } = await play(`
- hosts: all
  vars: {token: Bearer hush}
  tasks:
    - name: asks
      ${module}: {url: "http://127.0.0.1:1/", dest: "${path('f')}", headers: {Authorization: "{{ token }}"}}
      ignore_errors: true
    - {name: tells, debug: {msg: "it was {{ token }}"}}
    - {name: prints, command: {argv: [echo, "{{ token }}"]}}
`);
      assert.ok(!JSON.stringify(events).includes('hush'));
      assert.equal(result('tells').message, 'it was ***');
      assert.equal(result('prints').fields.stdout, '***');
    });
  }

  it('end a task that takes too long', async () => {
    const { result } = await play(`- {hosts: all, tasks: [{name: one, shell: "sleep 30", timeout: 1}]}`);
    assert.equal(result('one').status, 'failed');
    assert.match(result('one').message, /1 s|second/);
  });
});

describe('hosts that cannot be reached', () => {
  it('are rescued, ignored, or lost to the plays to come', async () => {
    writeFileSync(path('hosts'), 'h1 ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1\nh2\n');
    const inventory = [path('hosts')];
    const { story, counts, exitCode } = await play(
      `
- hosts: all
  tasks:
    - {name: one, command: "true", ignore_unreachable: true}
    - block:
        - {name: two, command: "true"}
      rescue:
        - {name: three, debug: {msg: x}}
    - {name: four, command: "true"}
- hosts: all
  tasks: [{name: five, debug: {msg: x}}]
`,
      { inventory },
    );
    const h1 = story.filter(line => line.startsWith('h1'));
    assert.deepEqual(h1, ['h1: one unreachable', 'h1: two unreachable', 'h1: three ok', 'h1: four unreachable']);
    assert.deepEqual([counts('h1').unreachable, counts('h1').ignored, exitCode], [1, 1, 4]);
  });

  it('are back in the next play after clear_host_errors', async () => {
    const { story, exitCode } = await play(
      `
- hosts: all
  tasks:
    - {name: one, fail: {msg: no}, when: "inventory_hostname == 'h1'"}
    - {name: two, meta: clear_host_errors}
- hosts: all
  tasks: [{name: three, debug: {msg: x}}]
`,
      two,
    );
    assert.ok(story.includes('h1: three ok'), story.join('\n'));
    assert.equal(exitCode, 2);
  });
});

describe('meta', () => {
  it('ends the play for a host, a batch, or all', async () => {
    for (const [word, expected] of [
      ['end_host', ['h2: after', 'h3: after', 'h1: next', 'h2: next', 'h3: next']],
      ['end_batch', ['h3: after', 'h1: next', 'h2: next', 'h3: next']],
      ['end_play', ['h1: next', 'h2: next', 'h3: next']],
    ] as const) {
      const { story } = await play(
        `
- hosts: all
  serial: 2
  strategy: linear
  tasks:
    - {name: end, meta: ${word}, when: "inventory_hostname == 'h1'"}
    - {name: after, debug: {msg: x}}
- hosts: all
  strategy: linear
  tasks: [{name: next, debug: {msg: x}}]
`,
        { inventory: ['h1,h2,h3'] },
      );
      const rest = story.filter(line => !line.includes('end')).map(line => line.replace(' ok', ''));
      assert.deepEqual(rest, expected, word);
    }
  });
});

describe('forced handlers', () => {
  const text = (more: string) => `
- hosts: all
  ${more}
  tasks:
    - {name: one, flag: {path: ${path('f')}, value: "{{ inventory_hostname }}"}, notify: h}
    - {name: two, fail: {msg: no}}
  handlers: [{name: h, debug: {msg: x}}]
`;

  it('run on a host that failed, as the play or the command line says; the play wins', async () => {
    for (const [more, forceHandlers, expected] of [
      ['force_handlers: true', false, true],
      ['', true, true],
      ['force_handlers: false', true, false],
      ['', false, false],
    ] as const) {
      const { story } = await play(text(more), { modules, forceHandlers });
      assert.equal(story.includes('h1: h ok'), expected, `${more} ${forceHandlers}`);
      writeFileSync(path('f'), '');
    }
  });
});

describe('hosts and groups that come up in a run', () => {
  it('take part in the plays to come', async () => {
    const { results, story } = await play(
      `
- hosts: all
  tasks:
    - add_host: {name: "new-{{ inventory_hostname }}", groups: fresh, ansible_connection: local, color: "{{ '{{' }} x }}"}
    - group_by: {key: "kind {{ inventory_hostname }}", parents: kinds}
- hosts: fresh
  gather_facts: false
  tasks: [{name: fresh, debug: {msg: "{{ color }}"}}]
- hosts: kind-h2
  tasks: [{name: kind, debug: {msg: "{{ join group_names ' ' }}"}}]
- hosts: kinds
  tasks: [{name: kinds, debug: {msg: x}}]
`.replace(`"{{ '{{' }} x }}"`, '"{{ inventory_hostname }}"'),
      { ...two },
    );
    assert.deepEqual(
      Object.entries(results('fresh')).map(([host, { message }]) => `${host} ${message}`),
      ['new-h1 h1', 'new-h2 h2'],
    );
    assert.match(results('kind').h2!.message, /kind-h2/);
    assert.deepEqual(story.filter(line => line.includes(': kinds')).toSorted(), ['h1: kinds ok', 'h2: kinds ok']);
  });
});

describe('include_vars', () => {
  it('reads files and folders: stronger than task vars, weaker than set_fact', async () => {
    mkdirSync(path('d'));
    writeFileSync(path('a.yml'), 'color: "{{ shade }} red"\nshade: dark\nsize: 1\n');
    writeFileSync(path('d/1.yml'), 'x: 1\ny: 1\n');
    writeFileSync(path('d/2.json'), '{"y": 2}');
    writeFileSync(path('d/3.txt'), 'z: 1\n');
    writeFileSync(path('d/4.yaml'), 'x: 3\n');
    const { result } = await play(`
- hosts: all
  vars: {color: blue}
  tasks:
    - include_vars: ${path('a.yml')}
    - {set_fact: {size: 2}}
    - {name: one, debug: {msg: "{{ color }} {{ size }}"}, vars: {shade: light}}
    - include_vars: {dir: "${path('d')}", name: all_of}
    - {name: two, debug: {msg: "{{ json all_of }}"}}
`);
    assert.equal(result('one').message, 'dark red 2');
    assert.equal(result('two').message, '{"x":3,"y":2}');
  });
});

describe('hostvars', () => {
  const text = (strategy: string) => `
- hosts: all
  strategy: ${strategy}
  vars: {of_play: 1}
  tasks:
    - {set_fact: {mine: "of {{ inventory_hostname }}"}}
    - {name: it, debug: {msg: "{{ hostvars.h2.mine }}"}}
`;

  it('tell of other hosts in step, and of earlier plays at any speed', async () => {
    const { results } = await play(text('linear'), two);
    assert.equal(results('it').h1!.message, 'of h2');
    const later = await play(
      `${text('linear')}
- hosts: all
  tasks: [{name: later, debug: {msg: "{{ hostvars.h2.mine }} {{ hostvars.h1.inventory_hostname }}"}}]
`,
      two,
    );
    assert.equal(later.results('later').h1!.message, 'of h2 h1');
  });

  it('refuse what another host will have at a time that is not known', async () => {
    await assert.rejects(play(text('free'), two), (error: InvalidInput) => {
      assert.ok(error instanceof InvalidInput);
      assert.match(error.message, /"mine" of h2 is set in this play, in which each host goes at its own speed/);
      return true;
    });
  });

  it('have nothing of plays and roles', async () => {
    await assert.rejects(
      play(`- {hosts: all, vars: {p: 1}, tasks: [{debug: {msg: "{{ hostvars.h1.p }}"}}]}`, two),
      /"hostvars\.h1\.p" is not defined/,
    );
  });
});
