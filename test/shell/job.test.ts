import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { encodeFrame, readFrame } from '../../src/shell/frame.ts';
import { askJob, removeJob, startJob } from '../../src/shell/job.ts';
import type { ShellText } from '../../src/shell/quote.ts';
import { type Answer, type Script, script } from '../../src/shell/script.ts';
import { shells } from './shells.ts';

const nonce = 'feedfacefeedfacefeedfacefeedface';
let home = '';

function ask(argv: readonly string[], asked: Script): Answer {
  const [program, ...args] = argv;
  const reader = readFrame(asked, nonce);
  const { stdout, stderr } = spawnSync(program!, args, {
    input: encodeFrame(asked, { nonce, stopAtFailure: true }),
    env: { PATH: process.env.PATH, HOME: home },
  });
  reader.push('stdout', stdout);
  reader.push('stderr', stderr);
  assert.equal(reader.done(), true, `the shell did not come to the end of the frame: ${stderr}`);
  assert.equal(reader.stray(), 0);
  return reader.answer();
}

function only(argv: readonly string[], text: ShellText): { code: number; stdout: string; stderr: string } {
  return ask(argv, script({ only: text })).only!;
}

async function end(argv: readonly string[], names: readonly string[]): Promise<Answer> {
  for (;;) {
    const answer = ask(argv, askJob('j1', names));
    if (answer['job state']?.stdout !== 'running') return answer;
    await setTimeout(100);
  }
}

function start(argv: readonly string[], sections: Readonly<Record<string, string>>, limit = 60) {
  const list = Object.entries(sections).map(([name, text]) => ({ name, text }));
  return only(argv, startJob('j1', list, limit, { changed: true }));
}

for (const { name, argv } of shells) {
  describe(`a job in ${name}`, () => {
    beforeEach(() => {
      home = mkdtempSync(join(tmpdir(), 'hw-job-'));
    });
    afterEach(() => rmSync(home, { recursive: true, force: true }));

    it('goes on after its shell has gone, and keeps what each section says', async () => {
      const wait = 'n=0; until [ -e "$HOME/go" ] || [ $n = 100 ]; do sleep 0.1; n=$((n + 1)); done';
      const a = `${wait}; echo 'it''s'; echo err >&2; umask`;
      const started = start(argv, { a, b: 'exit 7', c: 'echo never' });
      assert.equal(started.stdout, join(home, '.hostwright_async/j1'));
      assert.equal(ask(argv, askJob('j1', ['a']))['job state']?.stdout, 'running', 'its start waited for it');
      writeFileSync(join(home, 'go'), '');
      const { a: first, b, c, 'job state': state } = await end(argv, ['a', 'b', 'c']);
      assert.deepEqual([state?.code, state?.stdout], [0, 'done']);
      assert.deepEqual(
        [first?.code, first?.stdout, first?.stderr],
        [0, `its\n${String(spawnSync('/bin/sh', ['-c', 'umask']).stdout)}`, 'err\n'],
      );
      assert.equal(b?.code, 7);
      assert.equal(c, undefined);
    });

    it('tells what it has printed beyond what is known', async () => {
      start(argv, { a: 'echo one; echo 1 >&2', b: 'printf two; sleep 0.2' });
      await end(argv, ['a', 'b']);
      const answer = ask(argv, askJob('j1', ['a', 'b'], { stdout: 2, stderr: 2 }));
      assert.equal(answer['job stdout']?.stdout, 'e\ntwo');
      assert.equal(answer['job stderr']?.stdout, '');
      const before = ask(argv, askJob('j1', ['a', 'b', 'not begun'], { stdout: 0, stderr: 0 }));
      assert.equal(before['job stdout']?.stdout, 'one\ntwo');
      assert.equal(before['job stderr']?.stdout, '1\n');
    });

    it('is of its user alone', async () => {
      start(argv, { a: 'echo secret' });
      await end(argv, ['a']);
      const folder = join(home, '.hostwright_async/j1');
      const modes = [join(home, '.hostwright_async'), folder, ...readdirSync(folder).map(file => join(folder, file))];
      assert.deepEqual([...new Set(modes.map(path => statSync(path).mode & 0o077))], [0]);
      only(argv, removeJob('j1'));
      assert.equal(ask(argv, askJob('j1', []))['job state']?.stdout, 'none');
    });

    it('leaves no process behind that would tell its text', async () => {
      start(argv, { a: 'sleep 1; : s3cret' });
      const lines = readdirSync('/proc')
        .filter(pid => /^\d+$/.test(pid))
        .map(pid => commandOf(pid));
      assert.deepEqual(
        lines.filter(line => line.includes('s3cret')),
        [],
      );
      await end(argv, ['a']);
    });

    it('is stopped at its limit, with all that it started', async () => {
      start(argv, { a: 'echo before; sleep 47.11 & sleep 47.11; echo after' }, 1);
      const { a, 'job state': state } = await end(argv, ['a']);
      assert.equal(state?.stdout, 'late');
      assert.deepEqual([a?.code, a?.stdout], [143, 'before\n']);
    });

    it('that is killed is gone, and not for ever running', async () => {
      start(argv, { a: 'sleep 1' });
      const [pid] = readFileSync(join(home, '.hostwright_async/j1/process'), 'utf8').split(' ');
      process.kill(Number(pid), 'SIGKILL');
      await setTimeout(100);
      assert.equal(ask(argv, askJob('j1', ['a']))['job state']?.stdout, 'gone');
    });

    it('without a home is refused', () => {
      rmSync(home, { recursive: true });
      home = '';
      assert.match(start(argv, { a: 'true' }).stderr, /no home directory/);
    });
  });
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
