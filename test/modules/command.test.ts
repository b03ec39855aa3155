import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../../src/modules/command/command.ts';
import { script } from '../../src/modules/script/script.ts';
import { shell } from '../../src/modules/shell/shell.ts';
import { stat } from '../../src/modules/stat/stat.ts';
import { splitWords } from '../../src/words.ts';
import { converge } from './converge.ts';
import { eachShell } from './timeline.ts';

/** The result of a decision of any kind. */
function resultOf(decision: object): Record<string, unknown> {
  return (decision as { result?: Record<string, unknown> }).result ?? {};
}

describe('command, shell and script, on this machine', () => {
  eachShell('words reach the program as they are', (host, at) => {
    const words = ['-n', '$(id)', 'a b', "it's", '', '*', 'line\nbreak', '~', 'A=1'];
    const done = converge(host, command, { argv: ['printf', '[%s]', ...words], chdir: at });
    assert.equal(resultOf(done).stdout, words.map(word => `[${word}]`).join(''));
  });

  eachShell('the program runs, not the builtin of that name', (host, at) => {
    const done = converge(host, command, { cmd: String.raw`echo 'a\tb'`, chdir: at });
    assert.equal(resultOf(done).stdout, String.raw`a\tb`);
  });

  eachShell('creates and removes hold it back, patterns too', (host, at) => {
    const run = (args: object) => converge(host, command, { argv: ['touch', join(at, 'ran it')], ...args }).kind;
    assert.equal(run({ removes: join(at, 'none') }), 'ok');
    assert.equal(run({ creates: '/etc/pass*' }), 'ok');
    assert.equal(run({ creates: '.', chdir: at }), 'ok');
    assert.ok(!existsSync(join(at, 'ran it')));
    assert.equal(run({ creates: join(at, 'ran i?') }), 'change');
    assert.equal(run({ creates: join(at, 'ran i?') }), 'ok');
    assert.equal(run({ creates: 'r[a-z]n*', chdir: at }), 'ok');
  });

  eachShell('only_if and unless hold it back, and must be able to run', (host, at) => {
    const run = (args: object) => converge(host, command, { cmd: 'true', chdir: at, ...args });
    assert.equal(run({ only_if: 'exit 3' }).kind, 'ok');
    assert.equal(run({ unless: 'test -d .' }).kind, 'ok');
    assert.equal(run({ only_if: 'test -d .', unless: 'exit 1' }).kind, 'change');
    const lost = run({ only_if: 'no-such-program' });
    assert.match(JSON.stringify(lost), /cannot tell: the command of only_if could not be run/);
  });

  eachShell('a command that only reads runs in the probe', (host, at) => {
    const done = converge(host, shell, { cmd: 'echo out; echo err >&2; exit 3', reads: true, chdir: at });
    assert.equal(done.kind, 'ok');
    const { rc, stdout, stderr, stdout_lines } = resultOf(done);
    assert.deepEqual(
      { rc, stdout, stderr, stdout_lines },
      { rc: 3, stdout: 'out', stderr: 'err', stdout_lines: ['out'] },
    );
    const skipped = converge(host, shell, { cmd: 'touch ran', reads: true, chdir: at, creates: '/etc' });
    assert.equal(skipped.kind, 'ok');
    assert.ok(!existsSync(join(at, 'ran')));
  });

  eachShell('stdin comes as it is', (host, at) => {
    const text = 'a\\n$(id)\n%s';
    converge(host, shell, { cmd: 'cat > "here it is"', stdin: text, stdin_add_newline: false, chdir: at });
    assert.equal(readFileSync(join(at, 'here it is'), 'utf8'), text);
    converge(host, command, { cmd: 'dd of=two status=none', stdin: 'x', chdir: at });
    assert.equal(readFileSync(join(at, 'two'), 'utf8'), 'x\n');
  });

  eachShell('a missing chdir is refused', (host, at) => {
    const refused = converge(host, command, { cmd: 'true', chdir: join(at, 'none') });
    assert.match(JSON.stringify(refused), /cannot change to .*none/);
    mkdirSync(join(at, 'none'));
    assert.equal(converge(host, command, { cmd: 'true', chdir: join(at, 'none') }).kind, 'change');
  });

  eachShell('a script runs by the interpreter it names', (host, at) => {
    const run = (text: string, args: object = {}) =>
      resultOf(converge({ ...host, files: { cmd: text } }, script, { cmd: 's.sh', chdir: at, ...args })).stdout;
    assert.equal(run('echo "$1-$2"', { args: ['a b', '$x'] }), 'a b-$x');
    assert.equal(run('#!/bin/bash -e\necho ${BASH_VERSION:+bash}\n'), 'bash');
    assert.equal(run('#!/usr/bin/env -S bash -u\ncat; echo ${BASH_VERSION:+bash}\n'), 'bash');
    assert.equal(run('print("hi")', { executable: '/usr/bin/perl' }), 'hi');
  });
});

describe('stat, on this machine', () => {
  eachShell('tells what is there', (host, at) => {
    writeFileSync(join(at, 'f'), 'abc');
    const look = (args: object) => resultOf(converge(host, stat, args)).stat as Record<string, unknown>;
    assert.deepEqual(look({ path: join(at, 'none/x') }), { exists: false });
    const found = look({ path: join(at, 'f') });
    assert.equal(found.checksum, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    assert.equal(found.isreg, true);
    assert.equal(look({ path: '/proc/self/exe' }).islnk, true);
    assert.equal(look({ path: '/dev/null' }).ischr, true);
  });
});

describe('words of a command line', () => {
  const rows: [string, string[] | undefined][] = [
    ['a  b\tc', ['a', 'b', 'c']],
    [`a 'b c' "d\\"e" f\\ g`, ['a', 'b c', 'd"e', 'f g']],
    [`'' ""`, ['', '']],
    [`a'b'"c"d`, ['abcd']],
    ['"\\n"', ['\\n']],
    ["it's", undefined],
    ['', []],
  ];
  for (const [line, words] of rows) it(JSON.stringify(line), () => assert.deepEqual(splitWords(line), words));
});
