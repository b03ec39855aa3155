import assert from 'node:assert/strict';
import { workshop } from './cli.ts';

const { run, typed, write } = workshop();
const questions = /(to begin|\[q\]uit): /g;

const project = {
  'inventory.yml': 'kvm:\n  hosts:\n    hv1:\n    hv2:\n    hv3:\n  vars: {ansible_connection: local}\n',
  'site.yml': `
- name: First
  hosts: kvm
  gather_facts: false
  serial: [1, 2]
  tasks:
    - {name: one, debug: {msg: it is one}, tags: [early]}
    - block:
        - {name: two, debug: {msg: it is two}}
        - {name: three, debug: {msg: it is three}, allow: [reboot]}
      always:
        - {name: last, debug: {msg: it is last}}
    - {name: loop, debug: {msg: "{{ item }}"}, loop: [a, b]}
  gate:
    - {name: check, debug: {msg: through}}
  handlers:
    - {name: tidy, debug: {msg: tidied}}
- name: Second
  hosts: hv1
  gather_facts: false
  roles: [motd]
`,
  'roles/motd/schema.yml': 'type: object\nproperties: {}\n',
  'roles/motd/tasks/main.yml': '- {name: Say it, debug: {msg: said}}\n',
};

beforeEach(() => write(project));

describe('before a run, --list', () => {
  it('shows hosts, batches, tasks with their places, tags and what is allowed, and runs nothing', () => {
    const { exitCode, stdout, stderr } = run('play', 'site.yml', '--list');
    assert.equal(exitCode, 0, stderr);
    assert.equal(
      stdout,
      `PLAY First (3 hosts)  site.yml:2
  batch 1 of 2: hv1
  batch 2 of 2: hv2, hv3
  one  site.yml:7  (tags: early)
  two  site.yml:9
  three  site.yml:10  (allows: reboot)
  last  site.yml:12
  loop  site.yml:13
  gate check  site.yml:15
  handler tidy  site.yml:17

PLAY Second (1 host)  site.yml:18
  hosts: hv1
  motd: Say it  roles/motd/tasks/main.yml:1
`,
    );
  });

  it('shows what --limit, --tags and --from leave', () => {
    const { stdout } = run('play', 'site.yml', '--list', '-l', 'hv2', '--from', 'three');
    assert.match(stdout, /hosts: hv2\n {2}three .*\n {2}last .*\n {2}loop/);
    assert.doesNotMatch(stdout, /\bone\b|\btwo\b/);
  });
});

describe('before a run, --from', () => {
  it('leaves out the tasks before the one that it names, over plays', () => {
    const inBlock = run('play', 'site.yml', '-l', 'hv1', '--from', 'three').stdout;
    assert.doesNotMatch(inBlock, /it is (one|two)/);
    assert.match(inBlock, /it is three.*it is last.*said/s);
    const inRole = run('play', 'site.yml', '-l', 'hv1', '--from', 'motd: Say it').stdout;
    assert.doesNotMatch(inRole, /it is/);
    assert.match(inRole, /said/);
  });

  it('names the nearest task where it names none', () => {
    const { exitCode, stderr } = run('play', 'site.yml', '--from', 'thee');
    assert.equal(exitCode, 5);
    assert.match(stderr, /No task is called "thee"\.\n *Did you mean "three"\?/);
  });

  it('refuses to begin where what is left needs a result of what is left out', () => {
    write({
      'needs.yml': `
- hosts: hv1
  gather_facts: false
  tasks:
    - {name: ask, command: hostname, register: name}
    - {name: set, set_fact: {fact: 1}}
    - {name: use, debug: {msg: "{{ name.stdout }} {{ fact }} {{ default fact 2 }}"}}
    - {name: other, debug: {msg: "{{ fact }}"}}
`,
    });
    const { exitCode, stderr } = run('play', 'needs.yml', '--from', 'use');
    assert.equal(exitCode, 5);
    assert.match(stderr, /"name" is not defined/);
    assert.match(stderr, /The task "ask" sets it, which --from leaves out\. Begin there, or give it a value with -e\./);
    assert.match(stderr, /"fact" is not defined[\s\S]*The task "set" sets it/);
  });
});

describe('before a run, -l @FILE', () => {
  it('prints the name of a file that is not there, and sends no escapes to the terminal', () => {
    const { exitCode, stderr } = run('play', 'site.yml', '-l', '@it\u001b[31m');
    assert.equal(exitCode, 5);
    assert.match(stderr, /The file it\\x1b\[31m does not exist/);
    assert.doesNotMatch(stderr, /\u001b/);
  });
});

describe('before a run, --follow', () => {
  it('refuses a host that the run has not, and names the one that is meant', () => {
    const { exitCode, stderr, stdout } = run('play', 'site.yml', '--follow', 'hv11');
    assert.equal(exitCode, 5);
    assert.match(stderr, /--follow hv11: the run has no such host\.\n.*Did you mean "hv1"\?/);
    assert.equal(stdout, '');
  });
});

describe('before a run, --max-hosts', () => {
  it('refuses more hosts, and takes as many', () => {
    const { exitCode, stderr, stdout } = run('play', 'site.yml', '--max-hosts', '2');
    assert.deepEqual([exitCode, stdout], [5, '']);
    assert.match(stderr, /The run is for 3 hosts, and --max-hosts is 2\./);
    assert.equal(run('play', 'site.yml', '--max-hosts', '3').exitCode, 0);
    assert.equal(run('run', 'kvm', 'debug', 'msg=x', '--max-hosts', '2').exitCode, 5);
  });
});

describe('before a run, on a terminal', function () {
  this.timeout(60_000);

  it('has what --allow names typed', async () => {
    const words = ['play', 'site.yml', '--allow', 'reboot', '-o', 'lines'];
    const refused = await typed(words, questions, ['yes']);
    assert.equal(refused.exitCode, 99);
    assert.match(refused.stdout, /This run may cause reboot on hv\[1-3]\./);
    assert.match(refused.stdout, /Nothing was begun\./);
    assert.doesNotMatch(refused.stdout, /it is one/);
    const agreed = await typed(words, questions, ['3']);
    assert.equal(agreed.exitCode, 0);
    assert.match(agreed.stdout, /it is one/);
    const silent = await typed([...words, '--yes'], questions, []);
    assert.equal(silent.exitCode, 0);
    assert.doesNotMatch(silent.stdout, /Type the number/);
  });

  it('asks before each task with --step', async () => {
    const { exitCode, stdout } = await typed(['play', 'site.yml', '-l', 'hv1', '--step'], questions, ['y', 'n', 'c']);
    assert.equal(exitCode, 0, stdout);
    assert.match(stdout, /it is one/);
    assert.doesNotMatch(stdout, /it is two/);
    assert.match(stdout, /it is three.*it is last.*said/s);
    assert.match(stdout, /^PLAY .*\r\n.*one: run it\?/m);
    assert.match(stdout, /it is one.*two: run it\?/s);
    const quit = await typed(['play', 'site.yml', '-l', 'hv1', '--step'], questions, ['y', 'q']);
    assert.equal(quit.exitCode, 99);
    assert.match(quit.stdout, /it is one/);
    assert.doesNotMatch(quit.stdout, /it is (two|three|last)/);
  });

  it('does not step where there is no terminal', () => {
    const { exitCode, stderr } = run('play', 'site.yml', '--step');
    assert.equal(exitCode, 5);
    assert.match(stderr, /--step asks on a terminal/);
  });
});
