import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { workshop } from './cli.ts';

const { path, write, run } = workshop();

/** A playbook of one file on this machine, which the folder of the test has. */
function playbook(content = 'right\n'): string {
  return `- hosts: all
  tasks:
    - name: Write the settings
      copy: {dest: ${path('settings')}, content: ${JSON.stringify(content)}}
`;
}

interface Told {
  readonly run: string;
  readonly deviations: readonly {
    readonly hosts: readonly string[];
    readonly subject?: string;
    readonly isNew: boolean;
    readonly since: { readonly run: string; readonly runs: number };
    readonly cause: { readonly kind: string; readonly after?: string; readonly before?: string };
  }[];
  readonly accepted: readonly { readonly accepted: { readonly reason: string } }[];
  readonly exitCode: number;
}

function drift(...words: readonly string[]): Told & { readonly stderr: string } {
  const { stdout, stderr, exitCode } = run('drift', 'site.yml', '-i', 'hosts.ini', '-c', 'local', '--json', ...words);
  const told = JSON.parse(stdout || 'null') as Told | null;
  assert.ok(told, stderr);
  assert.equal(told.exitCode, exitCode);
  return { ...told, stderr };
}

function play(): string {
  const { exitCode, stdout, stderr } = run('play', 'site.yml', '-i', 'hosts.ini', '-c', 'local', '-o', 'jsonl');
  assert.equal(exitCode, 0, stdout + stderr);
  return (JSON.parse(stdout.split('\n')[0]!) as { run: string }).run;
}

describe('hostwright drift', function () {
  this.timeout(120_000);
  beforeEach(() => write({ 'hosts.ini': 'h1\n', 'site.yml': playbook() }));

  it('says what deviates, since when, and that it was not a run of ours', () => {
    const first = drift();
    assert.equal(first.exitCode, 3);
    assert.equal(first.deviations[0]?.cause.kind, 'never-applied');
    const applied = play();
    const right = drift();
    assert.equal(right.exitCode, 0);
    writeFileSync(path('settings'), 'by hand\n');
    const found = drift();
    const [one] = found.deviations;
    assert.equal(one?.subject, path('settings'));
    assert.equal(one.isNew, true);
    assert.deepEqual(one.cause, { kind: 'not-ours', after: right.run, before: found.run });
    assert.ok(applied < right.run);
    const again = drift().deviations[0];
    assert.equal(again?.isNew, false);
    assert.equal(again.since.run, found.run);
    assert.equal(again.since.runs, 2);
    assert.deepEqual(again.cause, one.cause);
    assert.equal(readFileSync(path('settings'), 'utf8'), 'by hand\n');
  });

  it('tells it to people, a row for all hosts that deviate alike', () => {
    write({ 'hosts.ini': 'h1\nh2\nh3\n' });
    const { stdout, exitCode } = run('drift', 'site.yml', '-i', 'hosts.ini', '-c', 'local', '-f', '1', '--diff');
    assert.equal(exitCode, 3);
    assert.match(
      stdout,
      /^DRIFT\n {2}h\[1-3\]: Write the settings, \S+settings — .*\n {6}new; no recorded run has left it/,
    );
    assert.match(stdout, /\+right/);
    assert.match(stdout, /^3 hosts: 0 as stated, 3 deviating, 3 new\nNo earlier run/m);
  });

  it('blames a playbook that has changed, and not somebody', () => {
    const applied = play();
    write({ 'site.yml': playbook('other\n') });
    assert.deepEqual(drift().deviations[0]?.cause, { kind: 'inputs', after: applied });
  });

  it('names a task that never converges', () => {
    const runs = [1, 2, 3].map(() => {
      const id = play();
      writeFileSync(path('settings'), 'it comes back\n');
      return id;
    });
    assert.deepEqual(drift().deviations[0]?.cause, { kind: 'never-converges', runs: runs.toReversed() });
  });

  it('accepts what drift.yml names until its day, and says what an entry is good for', () => {
    const entry = (more: string) => `- {module: copy, hosts: h1, until: 2999-12-31, reason: ticket 1${more}}\n`;
    write({ 'drift.yml': entry('') });
    const found = drift();
    assert.equal(found.exitCode, 0);
    assert.deepEqual(
      found.accepted.map(({ accepted }) => accepted.reason),
      ['ticket 1'],
    );
    write({ 'drift.yml': entry(', subject: /elsewhere') });
    const other = drift();
    assert.equal(other.exitCode, 3);
    assert.match(other.stderr, /^drift\.yml:1:3: nothing that deviates is accepted by this: ticket 1$/m);
  });

  it('refuses a drift.yml that is wrong, with each place', () => {
    const text = `- {module: copy, until: 2020-01-01, reason: old}
- {until: 2999-01-01, reason: x}
- {role: a, hosts: nowhere, until: 2999-01-01, reason: x}
`;
    write({ 'accepted.yml': text });
    const words = ['drift', 'site.yml', '-i', 'hosts.ini', '-c', 'local', '--drift-file'];
    const { exitCode, stderr, stdout } = run(...words, 'accepted.yml');
    assert.equal(exitCode, 5);
    assert.equal(stdout, '');
    assert.match(stderr, /^accepted\.yml:1:25: this entry expired on 2020-01-01: "old"$/m);
    assert.match(stderr, /^accepted\.yml:2:3: "role", "task" or "module" is missing$/m);
    assert.match(stderr, /^accepted\.yml:3:20: .*nowhere/m);
    write({ 'accepted.yml': '- {role: a, until: soon}\n' });
    assert.match(run(...words, 'accepted.yml').stderr, /"until".*[\s\S]*"reason" is missing|"reason" is missing/);
    assert.equal(run(...words, 'gone.yml').exitCode, 5);
    rmSync(path('accepted.yml'));
  });

  it('takes a command without a condition for what cannot be told, and one with a condition for a deviation', () => {
    const tasks = (more: string) => `- hosts: all\n  tasks:\n    - {name: Run it, command: {cmd: "true"${more}}}\n`;
    write({ 'hosts.ini': 'h1\n', 'site.yml': tasks('') });
    const words = ['drift', 'site.yml', '-i', 'hosts.ini', '-c', 'local'];
    const each = run(...words);
    assert.equal(each.exitCode, 0, each.stdout);
    assert.match(each.stdout, /UNKNOWN: check mode cannot tell\n {2}h1: Run it, command — not run in check mode/);
    write({ 'site.yml': tasks(`, creates: ${path('made')}`) });
    assert.equal(run(...words).exitCode, 3);
    write({ made: '' });
    assert.equal(run(...words).exitCode, 0);
  });

  it('tells of hosts that fail and cannot be reached, and of what check mode cannot tell', () => {
    write({
      'hosts.ini': 'h1\nh2 ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1\n',
      'site.yml':
        '- hosts: all\n  tasks:\n    - command: "true"\n      register: r\n    - name: Keep it\n' +
        '      copy: {dest: /tmp/hw-never, content: "{{ r.stdout }}"}\n    - fail: {msg: "it is broken"}\n',
    });
    const { exitCode, stdout } = run('drift', 'site.yml', '-i', 'hosts.ini', '-c', 'local');
    assert.equal(exitCode, 6, stdout);
    assert.match(stdout, /UNKNOWN: check mode cannot tell\n {2}h1: command, .*\n {2}h1: Keep it/);
    assert.match(stdout, /failed: h1 .*it is broken/);
    assert.match(stdout, /unreachable: h2 /);
  });
});
