import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { Line } from '../../src/events/run-start.ts';
import { lockedByOther, supersededBy, takeLock } from '../../src/shell/lock.ts';
import { quote } from '../../src/shell/quote.ts';
import { shells } from './shells.ts';

const lock = '/run/hostwright.lock';
/** A process that is gone: no other has both its number and its start. */
const gone = `${spawnSync('true').pid} 1`;

/** A shell that asks for the host, and lives on until its stdin ends. */
interface Asking {
  /** The code with which the section left, and what it said that is not expected. */
  readonly answer: Promise<string>;
  /** The code or the signal that it ended with. */
  readonly gone: Promise<string>;
  /** Has it carry out a line, in a sub-shell unless it begins with `!`. */
  readonly give: (text: string) => void;
  readonly end: () => void;
}

interface Run {
  readonly id: string;
  /** Its line and its number in that; it continues no other one without. */
  readonly line?: Line;
  readonly who?: string;
  /** Seconds that it waits for what an earlier run is at. */
  readonly wait?: number;
}

function ask(
  [program = 'sh', ...options]: readonly string[],
  { id, line = { id, number: 1 }, who = `someone@${id}`, wait }: Run,
): Asking {
  const lock = takeLock({ id, who, line }, wait).text;
  const script = `( eval ${quote(lock)} ); echo "$?"; while read -r text; do
  case $text in !*) eval "\${text#!}" ;; *) ( eval "$text" ) ;; esac
done`;
  // With a socket as stdin a bash reads the files of the user: there are none.
  const env = { PATH: process.env.PATH, HOME: '/nonexistent' };
  const child = spawn(program, [...options, '-c', script], { stdio: 'pipe', env });
  let said = '';
  child.stderr.on('data', chunk => {
    said += String(chunk);
  });
  const answer = once(child.stdout, 'data').then(([chunk]) => {
    const code = String(chunk).trim();
    return code === String(lockedByOther) ? code : `${code} ${said}`.trim();
  });
  const gone = once(child, 'exit').then(([code, signal]) => String(code ?? signal));
  return { answer, gone, give: text => void child.stdin.write(`${text}\n`), end: () => child.stdin.end() };
}

/** What many shells that ask at once are told; all of them live until the last has its answer. */
async function askAll(argv: readonly string[], ids: readonly string[]): Promise<readonly string[]> {
  const all = ids.map(id => ask(argv, { id }));
  try {
    return await Promise.all(all.map(({ answer }) => answer));
  } finally {
    for (const { end } of all) end();
  }
}

for (const { name, argv } of shells) {
  describe(`the lock of a host (${name})`, function () {
    this.timeout(240_000);
    before(function () {
      if (process.getuid?.() !== 0) this.skip();
    });
    beforeEach(() => rmSync(lock, { recursive: true, force: true }));
    after(() => rmSync(lock, { recursive: true, force: true }));

    for (const [what, make] of Object.entries<() => void>({
      'has not been taken': (): void => undefined,
      'has a folder alone': () => mkdirSync(lock),
      'was held by one who is gone': () => {
        mkdirSync(lock);
        writeFileSync(`${lock}/holder`, `before ${gone} someone@before\n`);
      },
      'was being taken by one who is gone': () => {
        mkdirSync(lock);
        writeFileSync(`${lock}/holder`, `before ${gone} someone@before\n`);
        const [pid] = gone.split(' ');
        symlinkSync(`${pid}.2`, `${lock}/after.${pid}.1`);
      },
    })) {
      it(`goes to one of many who come at once where it ${what}`, async () => {
        make();
        const runs = Array.from({ length: 8 }, (_, at) => `run${at}`);
        const answers = await askAll(argv, runs);
        const winners = runs.filter((_, at) => answers[at] === '0');
        assert.equal(winners.length, 1, answers.join('\n'));
        assert.deepEqual(new Set(answers), new Set(['0', String(lockedByOther)]));
        assert.equal(readFileSync(`${lock}/holder`, 'utf8').split(' ')[0], winners[0]);
      });
    }

    it('goes to each shell of the same run', async () => {
      const answers = await askAll(
        argv,
        Array.from({ length: 20 }, () => 'same'),
      );
      assert.deepEqual(new Set(answers), new Set(['0']));
    });

    describe('that several shells of a run have', () => {
      it('is held as long as one of them lives', async () => {
        const shells = ['one', 'other'].map(() => ask(argv, { id: 'same' }));
        for (const { answer } of shells) assert.equal(await answer, '0');
        for (const shell of shells.toReversed()) {
          assert.deepEqual(await askAll(argv, ['next']), [String(lockedByOther)]);
          shell.end();
          await shell.gone;
        }
        assert.deepEqual(await askAll(argv, ['next']), ['0']);
      });
    });

    it('is held by who has a backslash in the name', async () => {
      const shell = ask(argv, { id: 'first', who: String.raw`CORP\carl@h` });
      assert.equal(await shell.answer, '0');
      assert.deepEqual(await askAll(argv, ['next']), [String(lockedByOther)]);
      shell.end();
      await shell.gone;
    });

    describe('in a line of runs', () => {
      const first = { id: 'first', line: { id: 'line', number: 1 } };
      const second = { id: 'second', line: { id: 'line', number: 2 } };
      const asking: Asking[] = [];
      afterEach(() => {
        for (const { end } of asking.splice(0)) end();
      });
      function begin(run: Run): Asking {
        const made = ask(argv, run);
        asking.push(made);
        return made;
      }

      it('goes to the later one, which ends the shells of the earlier', async () => {
        const shells = [begin(first), begin(first)];
        for (const { answer } of shells) assert.equal(await answer, '0');
        assert.equal(await begin(second).answer, '0');
        assert.deepEqual(await Promise.all(shells.map(({ gone }) => gone)), ['SIGTERM', 'SIGTERM']);
      });

      const uptime = 'read -r up _ </proc/uptime';
      for (const [what, work] of [
        ['a process of the earlier one', 'sleep 2'],
        [
          'what the shell of the earlier one does itself',
          `!${uptime}; end=$(( \${up%%.*} + 3 )); while [ \${up%%.*} -lt $end ]; do ${uptime}; done`,
        ],
      ]) {
        it(`waits for ${what}`, async () => {
          const shell = begin(first);
          assert.equal(await shell.answer, '0');
          shell.give(`${work}; : >${lock}/done`);
          assert.equal(await begin(second).answer, '0');
          assert.equal(await shell.gone, 'SIGTERM');
          assert.ok(existsSync(`${lock}/done`));
        });
      }

      it('stays with the earlier one whose work does not end in time', async () => {
        const shell = begin(first);
        assert.equal(await shell.answer, '0');
        shell.give('sleep 5');
        assert.equal(await begin({ ...second, wait: 1 }).answer, String(lockedByOther));
        shell.give(`touch ${lock}/lives`);
        shell.end();
        assert.equal(await shell.gone, '0');
        assert.ok(existsSync(`${lock}/lives`));
      });

      it('never goes back to the earlier one, whether the later one is at work or over', async () => {
        const shell = begin(second);
        assert.equal(await shell.answer, '0');
        assert.equal(await begin(first).answer, `${supersededBy} someone@second`);
        shell.end();
        await shell.gone;
        assert.equal(await begin(first).answer, `${supersededBy} someone@second`);
        assert.deepEqual(await askAll(argv, ['another']), ['0']);
        assert.equal(await begin(first).answer, `${supersededBy} someone@second`);
      });

      it('does not go to another one of the same number, nor of another line', async () => {
        assert.equal(await begin(first).answer, '0');
        assert.equal(await begin({ ...first, id: 'twin' }).answer, String(lockedByOther));
        assert.equal(await begin({ id: 'other', line: { id: 'others', number: 2 } }).answer, String(lockedByOther));
      });
    });
  });
}
