import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { factsText } from '../../src/commands/facts.ts';
import { workshop } from './cli.ts';

const { run, path, write } = workshop();

function eventsOf(text: string): Record<string, never>[] {
  return text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
}

describe('hostwright run', function () {
  this.timeout(120_000);
  it('shows what a command printed, and its recap', () => {
    const { exitCode, stdout } = run('run', 'localhost', 'command', 'echo hello there');
    assert.equal(exitCode, 0);
    assert.match(stdout, /^PLAY ad hoc \(1 host\)\nlocalhost {2}changed {2}command.*\n {6}stdout: hello there\n/);
    assert.match(stdout, /localhost : ok=1 {2}changed=1 {2}unreachable=0 {2}failed=0\n$/);
  });

  it('gives k=v the types of the schema, and changes nothing in check mode', () => {
    const made = ['run', 'localhost', 'file', `path=${path('d')}`, 'state=directory', 'mode=0700'];
    const checked = run(...made, '--check', '--diff');
    assert.equal(checked.exitCode, 0, checked.stderr);
    assert.match(checked.stdout, /changed/);
    assert.match(checked.stdout, /\+\+\+ .*\(after\)/);
    assert.equal(existsSync(path('d')), false);
    assert.equal(run(...made).exitCode, 0);
    assert.equal(statSync(path('d')).mode & 0o777, 0o700);
    assert.match(run(...made).stdout, /ok=1 {2}changed=0/);
  });

  it('says in check mode that a command was not run, whatever it counts as', () => {
    const { stdout } = run('run', 'localhost', 'command', 'touch x', '--check');
    assert.match(stdout, /^CHECK MODE: this run changes nothing\n/);
    assert.match(stdout, /^localhost {2}would change command — not run in check mode$/m);
    assert.match(stdout, /\nCHECK MODE: nothing was changed; run without --check to make these changes\n$/);
    assert.equal(existsSync(path('x')), false);
  });

  it('shows what stat, find and slurp have found', () => {
    mkdirSync(path('d'));
    writeFileSync(path('d/a'), 'one\ntwo\n', { mode: 0o640 });
    symlinkSync('a', path('d/b'));
    const [at, file] = ['\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\dZ', 'file  0640  \\w+:\\w+  8 bytes'];
    const sum = createHash('sha256').update('one\ntwo\n').digest('hex');
    const stat = run('run', 'localhost', 'stat', path('d/a')).stdout;
    assert.match(stat, new RegExp(`a file is there\\n {6}${file}  ${at}  ${path('d/a')}\\n {6}checksum ${sum}\\n`));
    const link = run('run', 'localhost', 'stat', path('d/b')).stdout;
    assert.match(link, new RegExp(` {6}link .*${path('d/b')} -> a\\n {6}leads to ${path('d/a')}\\n`));
    assert.match(run('run', 'localhost', 'stat', path('no')).stdout, /nothing is there\nRECAP/);
    const found = run('run', 'localhost', 'find', `paths=${path('d')},${path('none')}`, 'file_type=any').stdout;
    assert.match(found, new RegExp(` {6}${file}  ${at}  ${path('d/a')}\\n {6}link .*${path('d/b')}\\n`));
    assert.match(found, new RegExp(` {6}${path('none')}: does not exist\\n`));
    assert.match(run('run', 'localhost', 'slurp', path('d/a')).stdout, /read 8 bytes\n {6}one\n {6}two\nRECAP/);
    writeFileSync(path('raw'), Buffer.from([0, 255]));
    assert.match(run('run', 'localhost', 'slurp', path('raw')).stdout, / {6}The bytes are not a text\.\n/);
  });

  it('takes a JSON map and a file of arguments', () => {
    const map = JSON.stringify({ content: 'a\n', dest: path('a') });
    assert.equal(run('run', 'localhost', 'copy', map).exitCode, 0);
    assert.equal(readFileSync(path('a'), 'utf8'), 'a\n');
    write({ 'args.yml': `content: "b\\n"\ndest: ${path('b')}\n` });
    assert.equal(run('run', 'localhost', 'copy', '@args.yml').exitCode, 0);
    assert.equal(readFileSync(path('b'), 'utf8'), 'b\n');
  });

  it('shows a wrong argument at its place, and touches no host', () => {
    const { exitCode, stdout, stderr } = run('run', 'localhost', 'file', `path=${path('d')}`, 'state=direktory');
    assert.equal(exitCode, 5);
    assert.equal(stdout, '');
    assert.match(stderr, /"state" must be one of .*\n.*\n.*\n {2}Did you mean "directory"\?/);
  });

  it('ends what takes longer than --task-timeout allows', () => {
    const { exitCode, stdout } = run('run', 'localhost', 'command', 'sleep 20', '--task-timeout', '1');
    assert.equal(exitCode, 2);
    assert.match(stdout, /It did not end within 1 s and was stopped/);
    assert.match(run('run', 'localhost', 'command', 'true', '--task-timeout', '0').stderr, /--task-timeout/);
  });

  it('leaves with 2 when a host failed, 4 when one cannot be reached, 6 for both', () => {
    assert.equal(run('run', 'localhost', 'fail', 'msg=no').exitCode, 2);
    write({
      'hosts.yml':
        'all:\n  hosts:\n    gone: {ansible_host: 127.0.0.1, ansible_port: 1}\n    here: {ansible_connection: local}\n',
    });
    const gone = run('run', 'gone', 'command', 'false', '-i', 'hosts.yml');
    assert.equal(gone.exitCode, 4, gone.stdout + gone.stderr);
    assert.match(gone.stdout, /gone {2}unreachable command — .* refused the connection/);
    const both = run('run', 'all', 'command', 'false', '-i', 'hosts.yml');
    assert.equal(both.exitCode, 6);
    assert.match(both.stdout, /here {2}failed/);
  });

  it('tells with -vvv how a host is reached', () => {
    const inventory = 'all:\n  hosts:\n    gone: {ansible_host: 127.0.0.1, ansible_port: 1, ansible_user: me}\n';
    write({ 'hosts.yml': inventory });
    const said = (...more: readonly string[]) =>
      run('run', 'gone', 'command', 'true', '-i', 'hosts.yml', ...more).stdout;
    assert.match(said('-vvv'), /^gone {2}info: connects to me@127\.0\.0\.1 port 1 \(127\.0\.0\.1\); host keys in: /m);
    assert.doesNotMatch(said('-vv'), /connects to/);
  });

  it('leaves with 3 under --detailed-exitcode when something changed, or would', () => {
    const made = ['run', 'localhost', 'file', `path=${path('d')}`, 'state=directory', '--detailed-exitcode'];
    assert.equal(run(...made, '--check').exitCode, 3);
    assert.equal(run(...made).exitCode, 3);
    assert.equal(run(...made).exitCode, 0);
  });

  it('prints events that can be parsed, the last with all counters', () => {
    const { stdout } = run('run', 'localhost', 'debug', 'msg=hi', '--output', 'jsonl');
    const events = eventsOf(stdout) as unknown as { seq: number; type: string; hosts: object }[];
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, at) => at + 1),
    );
    const last = events.at(-1)!;
    assert.equal(last.type, 'run.finished');
    assert.deepEqual(last.hosts, {
      localhost: {
        ok: 1,
        changed: 0,
        unreachable: 0,
        failed: 0,
        skipped: 0,
        rescued: 0,
        ignored: 0,
        unknown: 0,
        lost: 0,
        pending: 0,
      },
    });
  });

  it('writes the same events to a report that only its owner can read', () => {
    const { stdout } = run('run', 'localhost', 'debug', 'msg=hi', '--output', 'jsonl', '--report', 'out/run.jsonl');
    assert.equal(readFileSync(path('out/run.jsonl'), 'utf8'), stdout);
    assert.equal(statSync(path('out/run.jsonl')).mode & 0o777, 0o600);
  });

  it('hides a password wherever it turns up', () => {
    writeFileSync(path('secret'), 'hunter2\n');
    const { stdout } = run('run', 'localhost', 'command', 'echo it is hunter2', '--become-password-file', 'secret');
    assert.doesNotMatch(stdout, /hunter2/);
    assert.match(stdout, /it is \*\*\*/);
  });

  it('says which files with secrets others may read, and what to paste', () => {
    const files = {
      "it's": 'hunter2\n',
      'secrets.yml': 'a: 1\n',
      'all.yml': 'db_password: x\n',
      'plain.yml': 'b: 2\n',
    };
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(path(name), text);
      chmodSync(path(name), 0o640);
    }
    const vars = ['secrets.yml', 'all.yml', 'plain.yml'].flatMap(file => ['-e', `@${file}`]);
    const given = ['run', 'localhost', 'debug', 'msg=x', ...vars, '--become-password-file', "it's"];
    const { exitCode, stderr } = run(...given);
    assert.deepEqual([exitCode, stderr.split('\n').length], [0, 4], stderr);
    const commands = stderr.matchAll(/^Other users may read .*, which holds secrets: (chmod .*)$/gm);
    for (const [, command] of commands) execFileSync('sh', ['-c', command!], { cwd: path('.') });
    const modes = Object.keys(files).map(name => (statSync(path(name)).mode & 0o777).toString(8));
    assert.deepEqual(modes, ['600', '600', '600', '640']);
    assert.equal(run(...given).stderr, '');
  });

  it('knows what a link leads to, and reads what comes through a pipe once', () => {
    writeFileSync(path('shared.yml'), 'password: swordfish\n', { mode: 0o644 });
    symlinkSync('shared.yml', path('link.yml'));
    assert.match(run('run', 'localhost', 'debug', 'msg=x', '-e', '@link.yml').stderr, /chmod 600 link\.yml/);
    execFileSync('mkfifo', [path('pipe')]);
    const writer = spawn('sh', ['-c', "echo 'color: blue' >pipe"], { cwd: path('.') });
    const { exitCode, stdout } = run('run', 'localhost', 'debug', 'msg={{ color }}', '-e', '@pipe');
    writer.kill();
    assert.deepEqual([exitCode, /blue/.test(stdout)], [0, true]);
  });

  it('says that a short password is not masked', () => {
    writeFileSync(path('short'), 'ab\n', { mode: 0o600 });
    const { stderr } = run('run', 'localhost', 'debug', 'msg=x', '--connection-password-file', 'short');
    assert.match(stderr, /A password has less than 3 characters: it is not masked/);
  });
});

describe('hostwright facts', () => {
  it('is an outline where a person reads it', () => {
    const facts = { os: { id: 'debian', version: '12' }, cpus: [0, 1], name: 'a\u001b[2J' };
    const text = 'hv1:\n  os:\n    id: debian\n    version: "12"\n  cpus:\n    - 0\n    - 1\n  name: "a\\e[2J"\n';
    assert.equal(factsText('hv1', facts, true), text);
    assert.equal(factsText('hv1', facts, false), `${JSON.stringify({ host: 'hv1', facts })}\n`);
  });

  it('prints a line of JSON a host, with the groups that were asked for', () => {
    const { exitCode, stdout } = run('facts', 'localhost', 'os', 'kernel');
    assert.equal(exitCode, 0);
    const { host, facts } = JSON.parse(stdout);
    assert.equal(host, 'localhost');
    assert.deepEqual(Object.keys(facts).toSorted(), ['at', 'kernel', 'os']);
    assert.equal(typeof facts.os.id, 'string');
  });
});
