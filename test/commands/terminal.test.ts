import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { quote } from '../../src/shell/quote.ts';
import { program } from '../program.ts';
import { workshop } from './cli.ts';

const { path, run, write } = workshop();

/** A command on a terminal of its own, made by script(1). */
function onTerminal(...args: readonly string[]) {
  const command = ['stty cols 70;', 'exec', ...[process.execPath, program, ...args].map(quote)].join(' ');
  const { CI: _, ...env } = process.env;
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    cwd: path('.'),
    env: { ...env, HOME: path('.'), TERM: 'xterm', NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', chunk => {
    text += String(chunk);
  });
  return { child, seen: () => text.replaceAll('\r\n', '\n'), ended: once(child, 'close') };
}

async function until(child: ChildProcess, isSo: () => boolean, seen: () => string): Promise<void> {
  while (!isSo()) {
    assert.equal(child.exitCode, null, seen());
    await new Promise(go => setTimeout(go, 20));
  }
}

describe('a run on a terminal', function () {
  this.timeout(60_000);
  before(function () {
    if (!existsSync('/usr/bin/script')) this.skip();
  });

  it('shows a failure while others are at work, and answers Ctrl-C twice', async () => {
    write({
      'hosts.yml': 'all:\n  vars: {ansible_connection: local}\n  hosts: {h1: , h2: }\n',
      'slow.yml': `- hosts: all
  tasks:
    - {name: break, fail: {msg: it is broken}, when: inventory_hostname == "h1"}
    - {name: say, debug: {msg: hello from here}}
    - {name: slow, shell: "echo $$ >${path('pid')}; exec sleep 30"}
`,
    });
    const { child, seen, ended } = onTerminal('play', 'slow.yml', '-i', 'hosts.yml', '--report', 'run.jsonl');
    await until(
      child,
      () => /failed {3}h1 .*it is broken/.test(seen()) && /longest: h2/.test(seen()) && existsSync(path('pid')),
      seen,
    );
    assert.doesNotMatch(seen(), /RECAP/);
    child.stdin?.write('\u0003');
    // It is said above the block, and stays in it.
    await until(child, () => (seen().match(/Interrupted: /g)?.length ?? 0) >= 2, seen);
    // One that comes sooner counts as the first one, passed on.
    await new Promise(go => setTimeout(go, 400));
    child.stdin?.write('\u0003');
    assert.equal((await ended)[0], 99, seen());
    assert.match(seen(), /ok {7}h2 {2}say — hello from here\n/);
    assert.match(seen(), /✖ .*failed 1 · lost 1\n/);
    // What the terminal shows of the key is below the block, and goes with it.
    assert.match(seen(), /\^C\r\u001b\[\d+A\u001b\[Jwarning: Interrupted/);
    assert.match(seen(), /RECAP.*\nh1 : .*failed=1\nh2 : .*lost=1\n/);
    assert.match(seen(), /Next: hostwright resume \w{5}\nINTERRUPTED: tasks are left that were not begun/);
    assert.match(readFileSync(path('run.jsonl'), 'utf8').trimEnd().split('\n').at(-1) ?? '', /"run\.finished"/);
    // The task goes on, and this host is held until it is over.
    process.kill(Number(readFileSync(path('pid'), 'utf8')));
    run('run', 'localhost', 'command', 'true');
  });
});
