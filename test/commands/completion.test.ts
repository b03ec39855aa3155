import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { kinds } from '../../src/commands/completion/candidates.ts';
import { createProgram } from '../../src/commands/program.ts';
import { program } from '../program.ts';
import { workshop } from './cli.ts';

const { path, run, runIn, write } = workshop();

/** What options and arguments take that nothing can be said of. */
const free = [
  'url',
  'name',
  'variable',
  'seconds',
  'days',
  'number',
  'kind',
  'policy',
  'method',
  'form',
  'shell',
  'commit',
  'time',
  'status',
];

/** Beginnings of lines, and what a Tab makes of them. */
const lines: readonly (readonly [string, string])[] = [
  ['hostwright compl', 'hostwright completion'],
  ['hostwright play site.yml --detailed', 'hostwright play site.yml --detailed-exitcode'],
  ['hostwright run webs', 'hostwright run webservers'],
  ['hostwright run web1:dbs', 'hostwright run web1:dbservers'],
  ['hostwright inventory --host web', 'hostwright inventory --host web1'],
  ['hostwright role web1 greet', 'hostwright role web1 greeting'],
  ['hostwright role web1 greeting mess', 'hostwright role web1 greeting message='],
  ['hostwright play site.yml -t setup,mo', 'hostwright play site.yml -t setup,motd'],
  ['hostwright run web1 lvm_v', 'hostwright run web1 lvm_vg'],
  ['hostwright run web1 copy owne', 'hostwright run web1 copy owner='],
  ['hostwright play sit', 'hostwright play site.yml'],
  ['hostwright play site.yml -isub/inv', 'hostwright play site.yml -isub/inventory.yml'],
  ['hostwright play site.yml -Cisub/inv', 'hostwright play site.yml -Cisub/inventory.yml'],
  ['hostwright play --inventory=sub/inv', 'hostwright play --inventory=sub/inventory.yml'],
  ['hostwright play site.yml -tmo', 'hostwright play site.yml -tmotd'],
];

/**
 * The same with words that a shell has to quote: an unquoted one would lose a blank, and leave a
 * quote open.
 */
const quoted: readonly (readonly [string, string])[] = [
  ['hostwright play site.yml --from Say', "hostwright play site.yml --from Say  it's $HOME"],
  ['hostwright play site.yml --from "Say', "hostwright play site.yml --from Say  it's $HOME"],
  ['hostwright play site.yml --from Say\\ ', "hostwright play site.yml --from Say  it's $HOME"],
  ['hostwright play site.yml --from gree', 'hostwright play site.yml --from greeting: two  blanks'],
  ['hostwright play site.yml --from greeting:\\ tw', 'hostwright play site.yml --from greeting: two  blanks'],
];

function project(): void {
  write({
    'inventory.yml': 'webservers: {hosts: {web1: }}\ndbservers: {hosts: {db1: }}\n',
    'sub/inventory.yml': 'others: {hosts: {web9: }}\n',
    'site.yml':
      '- hosts: webservers\n  roles: [greeting]\n  tasks:\n    - debug: {msg: x}\n      tags: [setup]\n    - {name: "Say  it\'s $HOME", debug: {msg: x}}\n',
    'roles/greeting/tasks/main.yml': '- name: two  blanks\n  debug: {msg: "{{ message }}"}\n  tags: [motd]\n',
    'roles/greeting/schema.yml': 'type: object\nproperties: {message: {type: string, description: What it says.}}\n',
  });
  mkdirSync(path('bin'));
  symlinkSync(program, path('bin/hostwright'));
}

function environment() {
  return {
    PATH: `${path('bin')}:${dirname(process.execPath)}:${process.env.PATH}`,
    HOME: path('.'),
    TERM: 'dumb',
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
  };
}

/** The words after a Tab at the end of a line. */
function offered(...words: readonly string[]): readonly string[] {
  const { exitCode, stdout } = run('__complete', '--', ...words);
  assert.equal(exitCode, 0);
  return stdout.split('\n').flatMap(line => (line === '' ? [] : [line.split('\t')[0] ?? '']));
}

/**
 * Types lines with a Tab at the end into a shell on a terminal of its own, and reads what became of
 * each.
 */
async function typed(shell: string, setUp: string, beginnings: readonly string[]): Promise<readonly string[]> {
  const child = spawn('script', ['-qfec', shell, '/dev/null'], { cwd: path('.'), env: environment() });
  let output = '';
  let wake: () => void = () => undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    wake();
  });
  async function until(pattern: RegExp): Promise<string> {
    const limit = Date.now() + 40_000;
    for (;;) {
      const found = pattern.exec(output);
      if (found) return found[1] ?? '';
      assert.ok(Date.now() < limit, `${shell} has not printed ${pattern}: ${JSON.stringify(output)}`);
      await new Promise<void>(resolve => {
        wake = resolve;
        setTimeout(resolve, 500);
      });
    }
  }
  try {
    child.stdin.write(`${setUp}; echo REA''DY\n`);
    await until(/^READY/m);
    const results: string[] = [];
    for (const [number, line] of beginnings.entries()) {
      // Ctrl-A goes to the start of the line, which so becomes the arguments of echo.
      child.stdin.write(`${line}\t\x01echo GOT${number} \n`);
      results.push((await until(new RegExp(`^GOT${number} ([^\\r\\n]*)`, 'm'))).trim());
    }
    const ended = once(child, 'close');
    child.stdin.end('exit\n');
    await ended;
    return results;
  } finally {
    child.kill('SIGKILL');
  }
}

describe('completion', function () {
  this.timeout(120_000);
  beforeEach(project);

  it('knows what each option and argument of the commands takes', () => {
    const all = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(all)];
    const taken = all(createProgram(() => undefined)).flatMap(({ options, registeredArguments }) => [
      ...options.flatMap(({ flags }) => /<([^>.]+)/.exec(flags)?.[1] ?? []),
      ...registeredArguments.map(argument => argument.name()),
    ]);
    assert.ok(taken.length > 50);
    const unknown = taken.filter(kind => !kinds.includes(kind) && !free.includes(kind) && kind !== 'words');
    assert.deepEqual([...new Set(unknown)], []);
  });

  it('leaves files and folders to the shell, and says nothing of what it does not know', () => {
    assert.deepEqual(offered('play', ''), [':files']);
    assert.deepEqual(offered('play', '--roles-path', ''), [':folders']);
    assert.deepEqual(offered('init', ''), [':folders']);
    assert.deepEqual(offered('run', 'web1', 'no_such_module', ''), []);
    assert.deepEqual(offered('play', 'gone.yml', '-t', ''), []);
    assert.deepEqual(offered('no-such-command', ''), []);
    assert.deepEqual(offered('__com'), []);
  });

  it('completes values behind "=", of choices, and the last of several', () => {
    assert.deepEqual(offered('play', '--output=l'), ['--output=lines']);
    assert.deepEqual(offered('play', '-c', 'op'), ['openssh']);
    assert.deepEqual(offered('play', '--allow', 'reboot,gu'), ['reboot,guest-restart']);
    assert.deepEqual(offered('run', 'all:!web'), ['all:!webservers', 'all:!web1']);
    assert.deepEqual(offered('roles', 'up'), ['update']);
    assert.deepEqual(offered('facts', 'all', 'mem'), ['memory']);
    assert.deepEqual(offered('doc', 'greet'), ['greeting']);
    assert.deepEqual(offered('play', 'site.yml', '--from', 'gre'), ['greeting: two  blanks']);
    assert.deepEqual(offered('--', 'pl'), ['play', 'plan']);
  });

  it('takes the inventory of the line, else that of hostwright.yml', () => {
    write({ 'other.yml': 'x: {hosts: {web7: }}\n', 'mine.yml': 'x: {hosts: {web8: }}\n' });
    assert.deepEqual(offered('run', '-i', 'other.yml', 'web'), ['web7']);
    assert.deepEqual(offered('run', '-iother.yml', 'web'), ['web7']);
    assert.deepEqual(offered('run', '-biother.yml', '-lweb'), ['-lweb7']);
    write({ 'hostwright.yml': 'inventory: [mine.yml]\n' });
    assert.deepEqual(offered('run', 'web'), ['web8']);
    chmodSync(path('hostwright.yml'), 0o666);
    assert.deepEqual(offered('run', 'web'), []);
  });

  it('runs no program of an inventory', () => {
    write({
      'hosts/program': `#!/bin/sh\n: > '${path('trace')}'\necho '{}'\n`,
      'hosts/more.yml': 'x: {hosts: {web9: }}\n',
    });
    chmodSync(path('hosts/program'), 0o755);
    assert.deepEqual(offered('run', '-i', 'hosts', 'web'), ['web9']);
    assert.equal(existsSync(path('trace')), false);
    assert.equal(runIn({}, 'inventory', '-i', 'hosts', '--graph').exitCode, 0);
    assert.equal(existsSync(path('trace')), true);
  });

  it('works in bash', async () => {
    const got = await typed(
      'bash --norc -i',
      'source <(hostwright completion bash)',
      [...lines, ...quoted].map(([line]) => line),
    );
    assert.deepEqual(
      got,
      [...lines, ...quoted].map(([, whole]) => whole),
    );
  });

  it('works in zsh', async () => {
    const setUp = 'autoload -Uz compinit; compinit -u -D; bindkey -e; source <(hostwright completion zsh)';
    const got = await typed(
      'zsh -f -i',
      setUp,
      [...lines, ...quoted].map(([line]) => line),
    );
    assert.deepEqual(
      got,
      [...lines, ...quoted].map(([, whole]) => whole),
    );
  });

  it('works in fish', () => {
    const asked = lines.map(([line]) => `echo GOT (complete -C '${line}')`).join('\n');
    const setUp = 'hostwright completion fish | source';
    const { stdout, stderr } = spawnSync('fish', ['-c', `${setUp}\n${asked}`], {
      cwd: path('.'),
      env: environment(),
      encoding: 'utf8',
    });
    const got = stdout.split('\n').flatMap(line => /^GOT (\S+)/.exec(line)?.[1] ?? []);
    assert.deepEqual(
      got,
      lines.map(([, whole]) => whole.split(' ').at(-1)),
      stderr,
    );
  });

  it('knows words that are being quoted in fish, which quotes what comes by itself', () => {
    const asked = quoted.map(([line]) => `complete -C '${line}'`).join('\n');
    const { stdout, stderr } = spawnSync('fish', ['-c', `hostwright completion fish | source\n${asked}`], {
      cwd: path('.'),
      env: environment(),
      encoding: 'utf8',
    });
    const words = quoted.map(([, whole]) => whole.split('--from ')[1]);
    assert.deepEqual(stdout.trimEnd().split('\n'), words, stderr);
  });
});
