import assert from 'node:assert/strict';
import { makeRunsFolder } from '../../src/journal/folder.ts';
import { finished, makeRun } from '../journal/made-run.ts';
import { type CommandRun, workshop } from './cli.ts';

const { run, runIn, path, write } = workshop();

const stated = ['--state', 'state'];

/** A command must end so, and print something like that. */
function ends({ exitCode, stdout, stderr }: CommandRun, wanted: number, text: RegExp): void {
  assert.equal(exitCode, wanted, stdout + stderr);
  assert.match(stdout + stderr, text);
}

/** The hosts that the plan of a playbook has with a limit. */
function limited(pattern: string): string {
  const { exitCode, stdout, stderr } = run('play', 'site.yml', '--list', ...stated, '-l', pattern);
  assert.equal(exitCode, 0, stderr);
  return /^ {2}hosts: (.*)$/m.exec(stdout)?.[1] ?? '';
}

/** Hosts that a command has looked at, as its lines name them. */
const named = (text: string) => [...new Set(text.match(/\b(?:h\d|fe80::1)\b/g))].toSorted().join(' ');

/** A run that has changed h1, failed on h2, and did not come to others, of which x9 is gone. */
function recorded(): void {
  const hosts = 'all: {hosts: {h1: , h2: , h3: , "fe80::1": }, vars: {ansible_connection: local}}\n';
  write({ 'inventory.yml': hosts, 'site.yml': '- {hosts: all, gather_facts: false, tasks: [{command: id}]}\n' });
  makeRunsFolder(path('state'));
  const end = { type: 'host.finished', pending: [], owed: [], roundTrips: 1 } as const;
  const counts = { ok: 1, changed: 1, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0, unknown: 0 };
  makeRun(path('state'), '0aaaa', {
    hosts: { h1: { changed: 1 }, h2: { failed: 1 }, h3: {}, 'fe80::1': {}, x9: {} },
    events: [finished('h1', 'it'), { ...end, host: 'h1', counts: { ...counts, lost: 0, pending: 0 } }],
    exitCode: undefined,
  });
}

describe('hosts of an earlier run, as a pattern', function () {
  this.timeout(120_000);
  beforeEach(recorded);

  it('limit a play, also together with others, and those that were not started are unfinished', () => {
    assert.equal(limited('@last:changed'), 'h1');
    assert.equal(limited('@last:unfinished'), 'h2, h3, fe80::1');
    assert.equal(limited('@0aa:all:!h3'), 'h1, h2, fe80::1');
    assert.equal(limited('h1,@last:unfinished,!fe80::1'), 'h1, h2, h3');
  });

  it('are told where the inventory does not have them', () => {
    const { exitCode, stdout, stderr } = run('play', 'site.yml', ...stated, '-C', '-l', '@last:unfinished');
    assert.equal(exitCode, 0, stdout + stderr);
    assert.equal(stderr, '@last:unfinished has hosts that the inventory does not have: x9\n');
    assert.equal(named(stdout), 'fe80::1 h2 h3');
  });

  it('may be named in "hosts:", and by run, role, facts and inventory', () => {
    write({
      'more.yml': '- {hosts: "@last:unfinished:!h3", gather_facts: false, tasks: [{command: id}]}\n',
      'roles/small/tasks/main.yml': '- command: id\n',
    });
    assert.match(run('play', 'more.yml', '--list', ...stated).stdout, /^ {2}hosts: h2, fe80::1$/m);
    const pattern = '@0aaaa:unfinished';
    for (const words of [
      ['run', pattern, '-C', ...stated, 'command', 'id'],
      ['role', pattern, '-C', ...stated, 'small'],
      ['facts', pattern, ...stated, 'os'],
      ['inventory', '--list', '-l', pattern, ...stated],
    ]) {
      const { exitCode, stdout, stderr } = run(...words);
      assert.equal(exitCode, 0, `${words}: ${stdout}${stderr}`);
      assert.equal(named(stdout), 'fe80::1 h2 h3', words[0]);
    }
  });

  it('are an error where there are none, or the state, run or folder is unknown', () => {
    const limit = (pattern: string, state = 'state') =>
      run('play', 'site.yml', '--list', '--state', state, '-l', pattern);
    for (const [pattern, message] of [
      ['@last:lost', /the run 0aaaa has no host that is lost\.\n.*hostwright history 0aaaa/],
      ['@last:pending=reboot', /has no host that is pending=reboot/],
      ['h1,!@last:lost', /has no host that is lost/],
      ['@last:faild', /"faild" is not a state of hosts\.\n.*Did you mean "failed"/],
      ['@last:nonsense', /States are all, ok, changed/],
      ['@zzzzz:failed', /There is no run "zzzzz"/],
      ['@last:changed:!h1', /The limit "@last:changed:!h1" leaves no host/],
    ] as const)
      ends(limit(pattern), 5, message);
    ends(limit('@last:failed', 'none'), 5, /No run is recorded in none/);
  });

  it('are an error where the inventory has none of them', () => {
    write({ 'inventory.yml': 'all: {hosts: {other: }}\n' });
    ends(run('play', 'site.yml', ...stated, '-l', '@last:changed'), 5, /leaves no host/);
  });
});

describe('hosts of a file, as a pattern', function () {
  this.timeout(120_000);
  beforeEach(recorded);

  it('are those of all of its lines, without comments; what a line leaves out is left out', () => {
    write({ 'hosts.txt': '# these\nh1 # one\n\nh*:!h2\r\nfe80::1\n' });
    assert.equal(limited('@hosts.txt'), 'h1, h3, fe80::1');
    assert.equal(limited('@./hosts.txt:!h1'), 'h3, fe80::1');
    assert.equal(limited(`h2,@${path('hosts.txt')}`), 'h1, h2, h3, fe80::1');
  });

  it('come from standard input with @-, and are known when the run is resumed', () => {
    const words = ['play', 'site.yml', ...stated, '-l', '@-:!h1'];
    const input = 'h1\nh2\nh3\n';
    assert.match(runIn({ input }, ...words, '--list').stdout, /^ {2}hosts: h2, h3$/m);
    write({ 'site.yml': '- {hosts: all, gather_facts: false, tasks: [{fail: {msg: no}}]}\n' });
    ends(runIn({ input }, ...words), 2, /failed on 2 of 2: h2, h3/);
    ends(run('resume', 'last', ...stated), 2, /failed on 2 of 2: h2, h3/);
  });

  it('are an error where there is no file, or nothing in it, or an unknown name', () => {
    write({ 'empty.txt': '# none\n\n', 'wrong.txt': 'h1\nh7\n' });
    const limit = (pattern: string) => run('play', 'site.yml', '--list', ...stated, '-l', pattern);
    for (const [pattern, message] of [
      ['@none.txt', /The file none\.txt does not exist/],
      ['@last', /The file last does not exist\.\n.*@last:unfinished/],
      ['@site.retry', /does not exist\.\n.*-l @last:unfinished/],
      ['@empty.txt', /The file empty\.txt names no host/],
      ['@-', /Standard input names no host/],
      ['@.', /The file \. cannot be read/],
      ['@wrong.txt', /No host or group is named "h7" \(of "h1, h7"\)/],
    ] as const)
      ends(limit(pattern), 5, message);
  });
});
