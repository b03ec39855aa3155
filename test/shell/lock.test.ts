import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { lockedByOther, takeLock } from '../../src/shell/lock.ts';
import { quote } from '../../src/shell/quote.ts';
import { shells } from './shells.ts';

const lock = '/run/hostwright.lock';
/** A process that is gone: no other has both its number and its start. */
const gone = `${spawnSync('true').pid} 1`;

/** A shell that asks for the host, and lives on until its stdin ends. */
interface Asking {
  /** The code with which the section left, and what it said that is not expected. */
  readonly answer: Promise<string>;
  readonly end: () => void;
}

function ask([program = 'sh', ...options]: readonly string[], run: string): Asking {
  const script = `( eval ${quote(takeLock(run, `someone@${run}`).text)} ); echo "$?"; read -r _`;
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
  return { answer, end: () => child.stdin.end() };
}

/** What many shells that ask at once are told; all of them live until the last has its answer. */
async function askAll(argv: readonly string[], runs: readonly string[]): Promise<readonly string[]> {
  const all = runs.map(run => ask(argv, run));
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
  });
}
