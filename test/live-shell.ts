import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, constants, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeFrame, readFrame } from '../src/shell/frame.ts';
import { raw } from '../src/shell/quote.ts';
import { type Answer, type Script, script } from '../src/shell/script.ts';

export interface Way {
  /** The words that start a shell, which reads commands from its stdin. */
  readonly shell: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface LiveShell {
  /** Runs a script in the frame of a session, and waits for its answer. */
  readonly run: (script: Script, stopAtFailure: boolean) => Answer;
}

/**
 * Runs shell text and returns its stdout.
 * @throws if it leaves with another code than 0.
 */
export function runText(way: Way, text: string): string {
  const { code, stderr, stdout } = liveShell(way).run(script({ text: raw(text) }), false).text!;
  if (code !== 0) throw new Error(`${text} left with ${code}: ${stderr}`);
  return stdout;
}

/** Milliseconds for a script. While one runs, mocha's own limits do not work. */
const limit = 120_000;

const asleep = new Int32Array(new SharedArrayBuffer(4));

const shells = new Map<string, LiveShell>();

/**
 * A shell that stays, as that of a session does: tests run thousands of scripts, and a new shell
 * for each costs more than most scripts do. The same way in, from the same folder and with the same
 * umask, is the same shell.
 */
export function liveShell({ shell, env = process.env }: Way): LiveShell {
  const key = JSON.stringify([shell, process.cwd(), process.umask(), Object.entries(env)]);
  const known = shells.get(key);
  if (known) return known;
  const forget = () => void shells.delete(key);
  const fresh = start({ shell, env }, forget);
  shells.set(key, fresh);
  return fresh;
}

/**
 * Where the shell gets its text, prints, and says that a frame has ended; file descriptors of this
 * process.
 */
interface Ends {
  readonly text: number;
  readonly stdout: number;
  readonly stderr: number;
  readonly ended: number;
}

function start(way: Way, forget: () => void): LiveShell {
  const ends = openEnds(way);
  function run(script: Script, stopAtFailure: boolean): Answer {
    const nonce = randomBytes(16).toString('hex');
    const frame = readFrame(script, nonce);
    ftruncateSync(ends.stdout);
    ftruncateSync(ends.stderr);
    writeAll(ends.text, `${encodeFrame(script, { nonce, stopAtFailure })}printf . >&6\n`);
    const why = waitForEnd(ends.ended);
    if (why !== undefined) {
      forget();
      for (const end of Object.values(ends)) closeSync(end);
      throw new Error(`the shell ${way.shell.join(' ')} ${why}: ${JSON.stringify(script)}`);
    }
    frame.push('stdout', contentOf(ends.stdout));
    frame.push('stderr', contentOf(ends.stderr));
    return frame.answer();
  }
  return { run };
}

/** Waits for the mark behind a frame. Returns why it does not come. */
function waitForEnd(ended: number): string | undefined {
  const deadline = Date.now() + limit;
  const mark = Buffer.alloc(1);
  for (let pause = 0.2; Date.now() < deadline; pause = Math.min(2 * pause, 5)) {
    try {
      return readSync(ended, mark) === 0 ? 'has ended' : undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(asleep, 0, 0, pause);
    }
  }
  return `has not answered within ${limit / 1000} s`;
}

/** Starts the shell. What it prints goes into files: a pipe would fill up before it is read. */
function openEnds({ env, shell: [program = 'sh', ...options] }: Way): Ends {
  const folder = mkdtempSync(join(tmpdir(), 'hw-shell-'));
  const { O_APPEND, O_CREAT, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;
  const open = (name: string, flags: number) => openSync(join(folder, name), flags);
  execFileSync('mkfifo', [join(folder, 'text'), join(folder, 'ended')]);
  // A FIFO that is opened for both ways does not wait for its other end.
  const both = [open('text', O_RDWR), open('ended', O_RDWR)];
  const theirs = { text: open('text', O_RDONLY), ended: open('ended', O_WRONLY) };
  const ends = {
    text: open('text', O_WRONLY),
    stdout: open('stdout', O_RDWR | O_CREAT | O_APPEND),
    stderr: open('stderr', O_RDWR | O_CREAT | O_APPEND),
    ended: open('ended', O_RDONLY | O_NONBLOCK),
  };
  const stdio = [theirs.text, ends.stdout, ends.stderr, 'ignore', 'ignore', 'ignore', theirs.ended] as const;
  const child = spawn(program, options, { env, stdio: [...stdio] });
  child.once('error', () => undefined); // then it has ended before its first frame
  child.unref();
  for (const end of [...both, ...Object.values(theirs)]) closeSync(end);
  rmSync(folder, { recursive: true });
  return ends;
}

function writeAll(end: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(end, bytes, at);
}

function contentOf(end: number): Buffer {
  const bytes: Buffer[] = [];
  for (let at = 0; ; ) {
    const chunk = Buffer.alloc(65_536);
    const count = readSync(end, chunk, 0, chunk.length, at);
    if (count === 0) return Buffer.concat(bytes);
    bytes.push(chunk.subarray(0, count));
    at += count;
  }
}
