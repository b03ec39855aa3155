import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { sh } from '../../src/shell/quote.ts';
import { stillRuns, stopDescendants } from '../../src/shell/stop.ts';

/** A process whose child has ended and is not reaped: what containers leave of every orphan. */
async function withZombie(work: (parent: number, zombie: number) => void): Promise<void> {
  const parent = spawn('/bin/sh', ['-c', 'sleep 60 & echo $!; exec sleep 61']);
  try {
    const [text] = await once(parent.stdout, 'data');
    const zombie = Number(String(text));
    // A shell would reap it; what the shell has become does not.
    while (!readFileSync(`/proc/${parent.pid}/cmdline`, 'utf8').startsWith('sleep'))
      await new Promise(go => setTimeout(go, 10));
    process.kill(zombie, 'SIGKILL');
    while (stateOf(zombie) !== 'Z') await new Promise(go => setTimeout(go, 10));
    work(parent.pid!, zombie);
  } finally {
    parent.kill('SIGKILL');
  }
}

function fieldsOf(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
}

function stateOf(pid: number): string {
  return fieldsOf(pid)[0]!;
}

function codeOf(script: string): number | null {
  return spawnSync('/bin/sh', ['-c', script]).status;
}

describe('whether an old shell still runs', () => {
  it('is told by its number and its start', () => {
    const start = fieldsOf(process.pid)[19]!;
    assert.equal(codeOf(stillRuns(process.pid, start).text), 0);
    assert.notEqual(codeOf(stillRuns(999999, start).text), 0);
  });

  it('is not so for a zombie', async () => {
    await withZombie((_, zombie) => assert.notEqual(codeOf(stillRuns(zombie, fieldsOf(zombie)[19]!).text), 0));
  });
});

describe('stopping what a shell has started', () => {
  it('ends all that descends from it, and the shell goes on', async () => {
    const target = spawn('/bin/sh', ['-c', 'echo begun; ( sleep 300 & sleep 300; : ); wait; echo on']);
    let text = '';
    target.stdout.on('data', chunk => {
      text += String(chunk);
    });
    const ended = once(target, 'close');
    await once(target.stdout, 'data');
    // Once is not enough where the shell has not yet started all of it.
    while (target.exitCode === null && !text.includes('on\n')) {
      spawnSync('/bin/sh', ['-c', stopDescendants(target.pid!, 3).sections[0]!.text]);
      await new Promise(go => setTimeout(go, 20));
    }
    await ended;
    assert.equal(text, 'begun\non\n');
  });

  for (const [what, onTerm, said] of [
    ['lets what it stops put things in order', 'echo in order; exit', ['in order', 'on']],
    ['kills what ignores TERM once its time is over', '', ['on']],
  ] as const) {
    it(what, async () => {
      const child = `trap '${onTerm}' TERM; echo $$; while :; do sleep 0.1; done`;
      const target = spawn('/bin/sh', ['-c', `sh -c "$1"; echo on`, 'sh', child]);
      const lines = createInterface(target.stdout)[Symbol.asyncIterator]();
      const pid = Number((await lines.next()).value);
      const end = () => spawnSync('kill', ['-s', 'KILL', String(target.pid), String(pid)]);
      const late = setTimeout(end, 8000);
      try {
        spawnSync('/bin/sh', ['-c', stopDescendants(target.pid!, 1).sections[0]!.text]);
        // A process that KILL was sent to ends at its next turn, and only then does the shell go
        // on.
        for (const value of said) assert.deepEqual(await lines.next(), { done: false, value });
        assert.ok(!existsSync(`/proc/${pid}`), 'it still runs');
      } finally {
        clearTimeout(late);
        end();
      }
    });
  }

  it('does not wait for a zombie', async () => {
    await withZombie((parent, zombie) => {
      const { text } =
        sh`${{ kind: 'shell-text', text: stopDescendants(parent, 5).sections[0]!.text.split('\nsignal ')[0]! }}
of ${parent}`;
      assert.equal(spawnSync('/bin/sh', ['-c', text], { encoding: 'utf8' }).stdout.includes(String(zombie)), false);
    });
  });
});
