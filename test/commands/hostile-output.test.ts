import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { program } from '../program.ts';
import { workshop } from './cli.ts';

const { run, path, write } = workshop();

/** What would reach a terminal, and what would begin a line of its own. */
const raw = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]|^(RECAP|hv2)/m;
const evil = 'a\u001b[2Jb\u202ec\nhv2  ok       all is well\nRECAP (0.1 s)';

describe('text from hosts, inventories and programs', function () {
  this.timeout(60_000);

  it('is never sent raw to the terminal where it is an item, a name or a message', () => {
    write({
      'site.yml': JSON.stringify([
        {
          hosts: 'all',
          tasks: [
            { name: 'say', debug: { msg: '{{ item }}' }, loop: [evil] },
            { name: 'fail', fail: { msg: evil }, loop: [evil] },
          ],
        },
      ]),
    });
    const { stdout, stderr } = run('play', 'site.yml', '-i', 'localhost,', '-v');
    assert.match(stdout, /\\x1b\[2Jb\\u202ec\\x0ahv2/);
    assert.doesNotMatch(stdout.replace(/^RECAP \(\d.*\n/m, ''), raw);
    assert.doesNotMatch(stderr, raw);
  });

  it('is never sent raw to the terminal where a program makes the inventory', () => {
    write({ 'hosts.sh': `#!/bin/sh\necho '${JSON.stringify({ kvm: { hosts: ['a\u001b[2Jb'] } })}'\n` });
    chmodSync(path('hosts.sh'), 0o755);
    for (const args of [
      ['inventory', '--graph'],
      ['run', 'all', 'command', 'true'],
    ]) {
      const { stdout, stderr } = run(...args, '-i', path('hosts.sh'));
      assert.doesNotMatch(stdout.replace(/^RECAP \(\d.*\n/m, '') + stderr, raw, args.join(' '));
    }
  });

  it('is hidden by no_log where it is the item of a loop', () => {
    write({
      'site.yml': `- hosts: all
  tasks:
    - {name: it, command: "echo {{ item }}", loop: [S3CR3T-zq9], no_log: true}
    - {name: labelled, command: "true", loop: [S3CR3T-zq9], loop_control: {label: "<{{ item }}>"}, no_log: true}
`,
    });
    for (const output of ['lines', 'jsonl']) {
      const { exitCode, stdout, stderr } = run('play', 'site.yml', '-i', 'localhost,', '--output', output, '-v');
      assert.equal(exitCode, 0, stderr);
      assert.doesNotMatch(stdout + stderr, /S3CR3T/);
      assert.match(stdout, /item 1/);
    }
  });

  it('is not told by from_yaml, which meets tags that it does not know', () => {
    write({
      'site.yml': `- hosts: all
  tasks:
    - {name: read, command: "printf 'a: !x \\"\\\\033[2JS3CR3T\\"'", register: r, no_log: true}
    - {name: use, set_fact: {found: !expr "from_yaml(r.stdout)"}, no_log: true}
`,
    });
    const { exitCode, stdout, stderr } = run('play', 'site.yml', '-i', 'localhost,');
    assert.equal(exitCode, 0, stdout + stderr);
    assert.doesNotMatch(stdout + stderr, /S3CR3T/);
  });
});

describe('a full disk', function () {
  this.timeout(60_000);
  before(function () {
    if (!existsSync('/dev/full')) this.skip();
  });

  it('under the report does not stop a run, and is told once', () => {
    const { exitCode, stdout, stderr } = run('run', 'localhost', 'command', 'true', '--report', '/dev/full');
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /^RECAP/m);
    assert.match(stderr, /^The report \/dev\/full is not complete: ENOSPC[^\n]*\n$/);
  });

  it('under the output does not stop a run, and is told', () => {
    const command = `"$1" "$2" run localhost command "touch ${path('done')}" >/dev/full`;
    const { status, stderr } = spawnSync('sh', ['-c', command, 'sh', process.execPath, program], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: path('.') },
    });
    assert.ok(existsSync(path('done')), 'the task has run');
    assert.match(stderr, /^The output is not complete: ENOSPC/m);
    assert.equal(status, 2);
  });
});
