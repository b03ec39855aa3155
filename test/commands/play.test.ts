import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { workshop } from './cli.ts';

const { run, start, path, write } = workshop();

const project = {
  'hosts.yml': 'kvm:\n  hosts:\n    hv1: {rack: 7}\n    hv2:\n  vars: {ansible_connection: local, color: red}\n',
  'site.yml': `
- hosts: kvm
  vars: {count: 1}
  tasks:
    - {name: say, debug: {msg: "{{ inventory_hostname }} {{ color }} {{ count }}"}, tags: [say]}
    - {name: sum, assert: {that: "count + 1 == 2"}, tags: [sum]}
`,
  'roles/motd/schema.yml': `
type: object
required: [text]
properties:
  text: {type: string, description: What it says.}
  lines: {type: integer, default: 1, description: How many.}
  loud: {type: boolean, default: false, description: In capitals.}
`,
  'roles/motd/tasks/main.yml': `
- name: Say it
  debug: {msg: "{{ text }} {{ lines }} {{ loud }}"}
- name: Types
  assert: {that: ["lines + 1 > 1", "loud || !loud"]}
`,
};

beforeEach(() => write(project));

describe('hostwright play', () => {
  it('runs a playbook on the hosts of an inventory', () => {
    const { exitCode, stdout, stderr } = run('play', 'site.yml', '-i', 'hosts.yml');
    assert.equal(exitCode, 0, stderr);
    for (const host of ['hv1', 'hv2']) assert.match(stdout, new RegExp(`${host} {2}ok .* say — ${host} red 1\n`));
  });

  it('finds inventory.yml by itself, and takes one from the environment', () => {
    write({ 'inventory.yml': project['hosts.yml'] });
    assert.equal(run('play', 'site.yml').exitCode, 0);
  });

  it('is cut down by --limit, --tags and --skip-tags', () => {
    const limited = run('play', 'site.yml', '-i', 'hosts.yml', '--limit', 'hv2', '--tags', 'say').stdout;
    assert.doesNotMatch(limited, /hv1/);
    assert.match(limited, /say/);
    assert.doesNotMatch(limited, /sum/);
    const skipped = run('play', 'site.yml', '-i', 'hosts.yml', '--skip-tags', 'say').stdout;
    assert.doesNotMatch(skipped, /say/);
    assert.match(skipped, /sum/);
  });

  it('knows no tag that no task has', () => {
    const chosen = run('play', 'site.yml', '-i', 'hosts.yml', '--tags', 'sayy');
    assert.equal(chosen.exitCode, 5);
    assert.match(chosen.stderr, /No task has the tag "sayy"\.\n *Did you mean "say"\?/);
  });

  it('takes variables as k=v, JSON and files; JSON and files keep types', () => {
    const say = (...vars: readonly string[]) =>
      run('play', 'site.yml', '-i', 'hosts.yml', '-l', 'hv1', '-t', 'say', ...vars.flatMap(item => ['-e', item]))
        .stdout;
    assert.match(say('color=blue'), /hv1 blue 1/);
    assert.match(say('color="dark blue" count=3'), /hv1 dark blue 3/);
    assert.match(say('{"color": "green", "count": 2}'), /hv1 green 2/);
    write({ 'vars.yml': 'color: grey\ncount: 5\n' });
    assert.match(say('@vars.yml'), /hv1 grey 5/);
    assert.match(say('@vars.yml', 'color=white'), /hv1 white 5/);
    const { exitCode } = run('play', 'site.yml', '-i', 'hosts.yml', '-t', 'sum', '-e', '{"count": 1}');
    assert.equal(exitCode, 0);
  });

  it('refuses a bad playbook with 5, whatever else is wrong', () => {
    write({ 'bad.yml': '- hosts: kvm\n  tasks:\n    - debug: {msg: "{{ missing }}"}\n' });
    const { exitCode, stdout, stderr } = run('play', 'bad.yml', '-i', 'hosts.yml');
    assert.deepEqual([exitCode, stdout], [5, '']);
    assert.match(stderr, /^bad\.yml:3:24: "missing" is not defined\n/);
  });
});

describe('hostwright role', () => {
  it('gives parameters the types of the schema', () => {
    const { exitCode, stdout, stderr } = run('role', 'localhost', 'motd', 'text=hello', 'lines=3', 'loud=true');
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /motd: Say it — hello 3 true/);
  });

  it('refuses a parameter that is unknown, missing or of another type', () => {
    assert.match(run('role', 'localhost', 'motd', 'txt=hello').stderr, /role "motd" has no parameter "txt"/);
    assert.match(run('role', 'localhost', 'motd').stderr, /role "motd": "text" is missing/);
    const { exitCode, stderr } = run('role', 'localhost', 'motd', 'text=x', 'lines=many');
    assert.equal(exitCode, 5);
    assert.match(stderr, /role "motd": "lines" must be a whole number, not "many"/);
  });

  it('converts a parameter that comes from -e by the schema too', () => {
    const { stdout, stderr } = run('role', 'localhost', 'motd', 'text=x', '-e', 'lines=4');
    assert.match(stdout, /motd: Say it — x 4 false/, stderr);
  });
});

describe('hostwright lint', () => {
  it('is content with a good project, and counts its files', () => {
    const { exitCode, stdout, stderr } = run('lint', 'site.yml', 'roles', '-i', 'hosts.yml');
    assert.deepEqual([exitCode, stdout, stderr], [0, '2 files checked, no problems\n', '']);
  });

  it('reads what it is given once, takes a play without "- " for one, and refuses to check nothing', () => {
    write({
      program: '#!/bin/sh\necho x >>count\necho \'{"kvm": {"hosts": ["hv1"]}}\'\n',
      'a.yml': '- hosts: kvm\n  tasks: []\n',
      'b.yml': '- hosts: kvm\n  tasks: []\n',
      'broken/site.yml': 'hosts: kvm\ntasks: []\n',
      'nothing/x.txt': '',
    });
    chmodSync(path('program'), 0o755);
    assert.equal(run('lint', 'a.yml', 'b.yml', '-i', './program').exitCode, 0);
    assert.equal(readFileSync(path('count'), 'utf8'), 'x\n');
    assert.match(run('lint', 'broken').stdout, /a playbook is a list of plays/);
    const nothing = run('lint', 'nothing');
    assert.deepEqual([nothing.exitCode, nothing.stdout], [5, '']);
  });

  it('takes the inventory that play takes by itself, and no file of variables for a playbook', () => {
    write({
      'inventory.yml': 'web: {hosts: {w1: }, vars: {root: /srv}}\n',
      'plays/own.yml': '- hosts: web\n  tasks:\n    - debug: {msg: "{{ root }} {{ more }}"}\n',
      'plays/group_vars/all.yml': 'more: x\n',
      'plays/secrets.yml': 'password: x\n',
    });
    const { exitCode, stdout, stderr } = run('lint', 'plays');
    assert.deepEqual([exitCode, stdout, stderr], [0, '1 file checked, no problems\n', '']);
    write({ limit: '# those that failed\n~^w1$\nw*:!w2*\n\n', none: '\n' });
    assert.match(run('play', 'plays/own.yml', '-l', '@limit', '-c', 'local').stdout, /w1 +ok .*\/srv x/);
    assert.match(run('play', 'plays/own.yml', '-l', '@none').stderr, /The file none names no host/);
  });

  it('tells all problems of all files at once', () => {
    write({
      'playbooks/a.yml': '- hosts: kvm\n  task: []\n',
      'playbooks/b.yml': '- hosts: kvm\n  tasks:\n    - cpoy: {dest: /x}\n',
      'roles/bad/tasks/main.yml': '- debug: {msg: x}\n  whne: true\n',
    });
    const { exitCode, stdout, stderr } = run('lint', 'playbooks', 'roles');
    assert.deepEqual([exitCode, stderr], [5, '']);
    assert.match(stdout, /\n\n3 problems in 3 files\n$/);
    assert.deepEqual(
      [...stdout.matchAll(/^(\S+?):\d+:\d+: /gm)].map(([, file]) => file),
      ['playbooks/a.yml', 'playbooks/b.yml', 'roles/bad/tasks/main.yml'],
    );
  });
});

describe('a name in host_vars that no host has', () => {
  it('is told in a line, unless the play may bring the host', () => {
    write({ 'host_vars/hv9.yml': 'a: 1\n' });
    const line = /^No host or group of the inventory has the variables of host_vars\/hv9\. Did you mean "hv\d"\?\n$/;
    assert.match(run('inventory', '-i', 'hosts.yml', '--list').stderr, line);
    write({ 'add.yml': '- hosts: localhost\n  tasks: [{add_host: {name: hv9}}]\n' });
    assert.equal(run('play', 'add.yml', '-i', 'hosts.yml').stderr, '');
    write({ 'none.yml': '- hosts: localhost\n  tasks: [{debug: {msg: x}}]\n' });
    assert.match(run('play', 'none.yml', '-i', 'hosts.yml').stderr, line);
  });
});

describe('hostwright inventory', () => {
  it('lists, draws and shows a host', () => {
    const list = JSON.parse(run('inventory', '-i', 'hosts.yml', '--list').stdout);
    assert.deepEqual(list.kvm, { hosts: ['hv1', 'hv2'], children: [] });
    assert.deepEqual(list._meta.hostvars.hv1, { ansible_connection: 'local', color: 'red', rack: 7 });
    const graph = run('inventory', '-i', 'hosts.yml', '--graph').stdout;
    assert.equal(graph, '@all:\n  |--@kvm:\n  |  |--hv1\n  |  |--hv2\n  |--@ungrouped:\n');
    assert.deepEqual(JSON.parse(run('inventory', '-i', 'hosts.yml', '--host', 'hv1').stdout).rack, 7);
    assert.equal(run('inventory', '-i', 'hosts.yml', '-l', 'hv*:!hv1').stdout, 'hv2\n');
    assert.equal(run('inventory', '-i', 'hosts.yml', '--host', 'hv9').exitCode, 5);
  });

  it('lists and draws no more hosts than --limit names', () => {
    const limited = (form: string) => run('inventory', '-i', 'hosts.yml', '-l', 'hv2', form).stdout;
    assert.deepEqual(Object.keys(JSON.parse(limited('--list'))._meta.hostvars), ['hv2']);
    assert.equal(limited('--graph'), '@all:\n  |--@kvm:\n  |  |--hv2\n  |--@ungrouped:\n');
  });
});

describe('Ctrl-C', function () {
  this.timeout(120_000);
  async function begin(...more: readonly string[]): Promise<{
    child: ReturnType<typeof start>;
    output: () => string;
    ended: Promise<unknown[]>;
  }> {
    write({
      'slow.yml': `
- hosts: localhost
  tasks:
    - {name: one, shell: "touch ${path('begun')}; sleep 2; touch ${path('done')}"}
    - {name: two, shell: "touch ${path('second')}"}
`,
    });
    run('run', 'localhost', 'command', 'true');
    const child = start('play', 'slow.yml', '--output', 'lines', ...more);
    let text = '';
    for (const stream of [child.stdout, child.stderr] as Readable[])
      stream.on('data', chunk => {
        text += String(chunk);
      });
    const ended = once(child, 'close');
    while (!existsSync(path('begun'))) {
      assert.equal(child.exitCode, null, text);
      await new Promise(go => setTimeout(go, 20));
    }
    return { child, output: () => text, ended };
  }

  // SIGHUP comes from a terminal that is closed.
  for (const signal of ['SIGINT', 'SIGHUP'] as const)
    it(`finishes what is under way, begins nothing else, and ends with a recap and 99: ${signal}`, async () => {
      const { child, output, ended } = await begin();
      child.kill(signal);
      const [exitCode] = await ended;
      assert.equal(exitCode, 99, output());
      assert.match(output(), /Interrupted: tasks under way are finished/);
      assert.match(output(), /RECAP[\s\S]*localhost : ok=1/);
      assert.equal(existsSync(path('done')), true);
      assert.equal(existsSync(path('second')), false);
    });

  it('takes a signal that npx has passed on as well for one and the same', async () => {
    const { child, output, ended } = await begin();
    child.kill('SIGINT');
    child.kill('SIGTERM');
    assert.equal((await ended)[0], 99);
    assert.match(output(), /RECAP[\s\S]*localhost : ok=1/);
  });

  it('ends at once when it comes twice, with a recap and a report that tell what is not known', async () => {
    const { child, output, ended } = await begin('--report', 'run.jsonl');
    child.kill('SIGINT');
    while (!output().includes('Interrupted')) {
      assert.equal(child.exitCode, null, output());
      await new Promise(go => setTimeout(go, 20));
    }
    // One that comes sooner counts as the first one, passed on.
    await new Promise(go => setTimeout(go, 400));
    child.kill('SIGINT');
    assert.equal((await ended)[0], 99);
    assert.equal(existsSync(path('done')), false, 'nothing was waited for');
    assert.match(output(), /localhost {2}lost {5}one — the run was ended before the result came/);
    assert.match(
      output(),
      /RECAP.*\nlocalhost : .*lost=1\nINTERRUPTED: .* were not begun; go on with: hostwright resume \w{5}\n$/,
    );
    const events = readFileSync(path('run.jsonl'), 'utf8').trimEnd().split('\n');
    const { type, exitCode, hosts } = JSON.parse(events.at(-1) ?? '');
    assert.deepEqual([type, exitCode, hosts.localhost.lost], ['run.finished', 99, 1]);
    // What was begun on the host goes on, and holds it until it is done.
    while (!existsSync(path('done'))) await new Promise(go => setTimeout(go, 20));
  });
});
