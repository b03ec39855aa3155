import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cached } from '../../scripts/tests/cache.ts';
import { quote } from '../../src/shell/quote.ts';
import { program } from '../program.ts';

// Every test has a home of its own. What is compiled is the same for all: without it, a start takes
// four times as long.
const NODE_COMPILE_CACHE = cached('compile');

export interface CommandRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with files in it, in which commands are run as processes; made again for each test. */
export interface Workshop {
  readonly path: (name: string) => string;
  readonly write: (files: Readonly<Record<string, string>>) => void;
  readonly run: (...args: readonly string[]) => CommandRun;
  /** Runs a command in a folder of the workshop, with more in its environment or input. */
  readonly runIn: (place: Place, ...args: readonly string[]) => CommandRun;
  readonly start: (...args: readonly string[]) => ChildProcess;
  /**
   * Runs it on a terminal of its own, and types an answer to each question that is shown.
   * `stdout` is what the terminal shows.
   */
  readonly typed: (
    args: readonly string[],
    question: RegExp,
    answers: readonly string[],
  ) => Promise<Pick<CommandRun, 'exitCode' | 'stdout'>>;
}

export interface Place {
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from its standard input. */
  readonly input?: string;
}

/** Makes a {@link Workshop} for a suite. */
export function workshop(): Workshop {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hw-cli-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const env = () => ({ PATH: process.env.PATH, HOME: folder, NO_COLOR: '1', NODE_COMPILE_CACHE });
  const options = () => ({ cwd: folder, env: env() });
  function runIn(place: Place, ...args: readonly string[]): CommandRun {
    const { cwd, env } = options();
    const there = { cwd: join(cwd, place.folder ?? '.'), env: { ...env, ...place.env } };
    for (let tries = 0; ; tries += 1) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
        ...there,
        encoding: 'utf8',
        input: place.input ?? '',
      });
      // This machine is one host: another suite that runs at the same time may have it.
      if (tries >= 20 || !stdout.includes('another run works on this host'))
        return { exitCode: status, stdout, stderr };
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
  }
  return {
    path: name => join(folder, name),
    write: files => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
    },
    run: (...args) => runIn({}, ...args),
    runIn,
    start: (...args) =>
      spawn(process.execPath, [program, ...args], { ...options(), stdio: ['ignore', 'pipe', 'pipe'] }),
    typed: async (args, question, answers) => {
      const command = [process.execPath, program, ...args].map(quote).join(' ');
      const child = spawn('script', ['-qec', command, '/dev/null'], {
        ...options(),
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const left = [...answers];
      let [stdout, answered] = ['', 0];
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
        const asked = stdout.match(question)?.length ?? 0;
        for (; answered < asked; answered += 1) child.stdin.write(`${left.shift() ?? ''}\n`);
      });
      const late = setTimeout(() => child.kill('SIGKILL'), 50_000);
      try {
        const [exitCode] = (await once(child, 'close')) as [number | null];
        assert.notEqual(child.signalCode, 'SIGKILL', `it has not ended: ${stdout}`);
        return { exitCode, stdout };
      } finally {
        clearTimeout(late);
        child.kill('SIGKILL');
      }
    },
  };
}
