import assert from 'node:assert/strict';
import { chmodSync, readFileSync } from 'node:fs';
import { workshop } from './cli.ts';

const { run, path, write } = workshop();

describe('hostwright advise', function () {
  this.timeout(45_000);

  beforeEach(() =>
    write({
      'roles/motd/tasks/main.yml':
        '- {name: The text, copy: {dest: "{{ file }}", content: "hello\\n"}, notify: Seen}\n',
      'roles/motd/handlers/main.yml': '- {name: Seen, debug: {msg: "{{ file }}"}}\n',
      'roles/motd/schema.yml': 'type: object\nrequired: [file]\nproperties: {file: {type: string}}\n',
      'roles/motd/advice.yml': `when: facts.cpu.count.online > 0
parameters: {file: !expr 'path_join("${path('.')}", "motd")'}
why: People read it.
source: motd(5)
`,
    }),
  );

  function advise(...more: string[]) {
    return run('advise', 'localhost', '-c', 'local', '--role', 'motd', ...more);
  }

  it('says what is not as it should be, writes a playbook that does it, and has nothing to say then', () => {
    const first = advise('-o', 'tuned.yml', '--diff');
    assert.equal(first.exitCode, 0, first.stderr);
    assert.match(first.stdout, /motd \(online\)\n {6}The text: is absent\n.*\+hello\n {6}with: \{"file":".*motd"\}/s);
    assert.match(first.stdout, /why\n {2}motd: People read it\.\n {4}found by: motd\(5\)/);
    assert.match(first.stderr, /tuned\.yml is written/);
    assert.match(
      readFileSync(path('tuned.yml'), 'utf8'),
      /hosts: localhost\n {2}roles:\n {4}# People read it\.\n {4}- role: motd/,
    );

    const played = run('play', 'tuned.yml', '-c', 'local');
    assert.equal(played.exitCode, 0, played.stdout + played.stderr);
    assert.equal(readFileSync(path('motd'), 'utf8'), 'hello\n');

    const again = advise('-o', 'more.yml');
    assert.match(again.stdout, /as it should be: motd/);
    assert.match(again.stderr, /nothing to do: more\.yml is not written/);
  });

  it('prints JSON lines', () => {
    const { stdout } = advise('--json');
    const { host, advice } = JSON.parse(stdout) as {
      host: string;
      advice: { parameters: object; findings: object[] }[];
    };
    assert.equal(host, 'localhost');
    assert.deepEqual(advice[0]?.parameters, { file: path('motd') });
    assert.partialDeepStrictEqual(advice[0]?.findings, [{ task: 'The text', cost: 'online' }]);
  });

  it('keeps a file that is there, before it asks any host', () => {
    write({ 'tuned.yml': 'mine\n' });
    const { exitCode, stderr } = advise('-o', 'tuned.yml');
    assert.equal(exitCode, 5);
    assert.match(stderr, /tuned\.yml is not written: it is there already\.\n {2}Name another file with -o\./);
    assert.equal(readFileSync(path('tuned.yml'), 'utf8'), 'mine\n');
  });

  it('writes nothing that a host could have evaluated on the controller', () => {
    write({
      'roles/motd/advice.yml': `parameters: {file: !expr '"/tmp/{" + "{ env HOME }}"'}\nwhy: x\nsource: x\n`,
    });
    const { exitCode, stderr } = advise('-o', 'tuned.yml');
    assert.equal(exitCode, 5);
    assert.match(stderr, /tuned\.yml is not written: a name on a host has \{\{ in it/);
  });

  it('gives up on a host that takes longer than --task-timeout allows', () => {
    write({ 'roles/motd/tasks/main.yml': '- {name: Slow, command: sleep 20, check_mode: false}\n' });
    assert.match(advise('--task-timeout', '1').stdout, /It did not end within 1 s and was stopped/);
  });

  it('ends with 2, and says why, where a role needs the guests and libvirt cannot be asked', () => {
    write({
      'bin/virsh': '#!/bin/sh\necho "error: failed to connect: Permission denied" >&2\nexit 1\n',
      'hosts.yml': `all: {hosts: {localhost: {}}}\n`,
      'roles/motd/advice.yml': `when: size(advice.guests) == 0
parameters: {file: !expr 'path_join("${path('.')}", "motd")'}
why: x
source: x
`,
    });
    chmodSync(path('bin/virsh'), 0o755);
    const before = process.env.PATH;
    process.env.PATH = `${path('bin')}:${before}`;
    try {
      const told = advise();
      assert.equal(told.exitCode, 2);
      assert.match(told.stdout, /motd \(online\)/);
      assert.match(told.stdout, /the guests cannot be looked at: .*Permission denied/);
      const { exitCode, stdout } = advise('--json');
      assert.equal(exitCode, 2);
      assert.match((JSON.parse(stdout) as { failure: string }).failure, /Permission denied/);
    } finally {
      process.env.PATH = before;
    }
  });

  it('says what stops a role, and advises nothing of it', () => {
    write({
      'roles/motd/tasks/main.yml':
        '- {name: The text, copy: {dest: "{{ file }}", content: hello}}\n- {name: No, fail: {msg: not here}}\n',
    });
    const { stdout, stderr } = advise('-o', 'tuned.yml');
    assert.equal(stdout, 'localhost\n  not as things are\n    motd: not here\n\n');
    assert.equal(
      stderr,
      'There is nothing to do before what stops motd is out of the way: tuned.yml is not written.\n',
    );
  });

  it('says which roles have advice, and what is wrong with the file of one', () => {
    assert.match(
      run('advise', 'localhost', '-c', 'local', '--role', 'mtd').stderr,
      /No role "mtd" has advice to give\.\n.*"motd"/,
    );
    write({ 'roles/motd/advice.yml': 'why: ""\nwen: x\n' });
    const { exitCode, stderr } = advise();
    assert.equal(exitCode, 5);
    assert.match(stderr, /advice\.yml:2:1: .*"wen"/s);
    assert.match(stderr, /"source" is missing/);
  });
});
