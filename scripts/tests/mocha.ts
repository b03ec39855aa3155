import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Batch } from './batches.ts';
import { cached } from './cache.ts';
import type { Seconds } from './seconds.ts';

export type Failure = { readonly title: string; readonly file: string; readonly message: string };

/** What a batch came to. */
export type Outcome = {
  readonly batch: Batch;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
  /** By file. */
  readonly seconds: Seconds;
  /** What mocha printed. */
  readonly output: string;
};

export type MochaOptions = {
  readonly grep: string | undefined;
  readonly signal: AbortSignal;
  /** Of some tests, only the share runs that the commit chooses (test/share.ts). */
  readonly inShares?: boolean;
  /** The script that starts a built Hostwright; without it, tests start the sources. */
  readonly program?: string | undefined;
};

/** Runs the files of a batch in a mocha of its own, as root also with a /run of its own. */
export async function runMocha(batch: Batch, options: MochaOptions): Promise<Outcome> {
  const { grep, signal } = options;
  const directory = mkdtempSync(join(tmpdir(), 'hw-test-'));
  const report = join(directory, 'counts.json');
  const reporter = ['--reporter', 'scripts/tests/count-reporter.mjs', '--reporter-option', `output=${report}`];
  const pattern = grep === undefined ? [] : ['--grep', grep];
  const color = process.stdout.isTTY ? '--color' : '--no-color';
  const mocha = ['node_modules/mocha/bin/mocha.js', color, ...reporter, ...pattern, ...batch.files];
  const own = ['--mount', '--propagation', 'private', 'sh', 'scripts/tests/own-run.sh'];
  const [program, ...args] = [...(process.getuid?.() === 0 ? ['unshare', ...own] : []), process.execPath, ...mocha];
  const stdio: SpawnOptions['stdio'] = ['ignore', 'pipe', 'pipe'];
  const child = spawn(program as string, args, { stdio, detached: true, env: environment(options) });
  const end = () => endGroup(child);
  signal.addEventListener('abort', end);
  const limit = limitOf(batch);
  const timer = setTimeout(end, limit * 1000);
  try {
    const [output, code] = await Promise.all([textOf(child), once(child, 'close').then(([status]) => status)]);
    const why = code === null ? `ended by force: its limit is ${limit} s` : `mocha ended with exit code ${code}`;
    const found = readReport(report, batch, why);
    // Without a failed test: a hook outside of a suite, or what the tests left running.
    const counted = code === 0 || found.failed > 0 ? found : { ...found, ...failureOf(batch, why) };
    return { batch, ...counted, output };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * What is compiled is kept for the next process: without it, each takes a second longer to start.
 */
function environment({ inShares, program: built }: MochaOptions): NodeJS.ProcessEnv {
  const program = built === undefined ? {} : { HOSTWRIGHT_TEST_PROGRAM: built };
  const share = inShares ? { HOSTWRIGHT_TEST_SHARE: 'true' } : {};
  return { NODE_COMPILE_CACHE: cached('compile'), ...program, ...share, ...process.env };
}

/**
 * Seconds that a batch may take: a machine may be several times slower than the one that was
 * measured.
 */
function limitOf({ seconds }: Batch): number {
  return Math.round(600 + 8 * seconds);
}

function endGroup(child: ChildProcess): void {
  send(child, 'SIGTERM');
  setTimeout(() => send(child, 'SIGKILL'), 5000).unref();
}

/** To the process and all that it started. */
function send({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // they have ended by themselves
  }
}

/**
 * Milliseconds for the last of the output: what a test has left behind may hold the pipe for ever.
 */
const lastWords = 10_000;

async function textOf(child: ChildProcess): Promise<string> {
  const { stdout, stderr } = child;
  const chunks: Buffer[] = [];
  child.once('exit', () => {
    setTimeout(() => [stdout, stderr].map(stream => stream?.destroy()), lastWords).unref();
  });
  for (const stream of [stdout, stderr]) stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  await Promise.all([stdout, stderr].map(stream => stream && once(stream, 'close')));
  return Buffer.concat(chunks).toString();
}

/**
 * What the reporter wrote. Without it, mocha did not get as far: a file that does not load, or a
 * process that was killed.
 */
function readReport(file: string, batch: Batch, why: string): Omit<Outcome, 'batch' | 'output'> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, skipped: 0, seconds: {}, ...failureOf(batch, why) };
  }
}

/** A failure of the process itself. */
function failureOf({ files }: Batch, message: string): Pick<Outcome, 'failed' | 'failures'> {
  return { failed: 1, failures: [{ title: files.join(' '), file: files[0] ?? '', message }] };
}
