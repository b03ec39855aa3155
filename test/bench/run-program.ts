import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

export interface Program {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Where its output goes to, to be read once it has ended. */
  readonly folder: string;
}

export interface Ended {
  readonly code: number | null;
  readonly seconds: number;
  readonly output: string;
}

/**
 * Runs a program to its end and takes the time. Its output goes to a file, so that no reader slows
 * it down.
 */
export async function runProgram({ command, cwd, env = process.env, folder, signal }: Program): Promise<Ended> {
  signal.throwIfAborted();
  const file = join(folder, 'output');
  const output = openSync(file, 'w');
  const began = performance.now();
  // A group of its own: Ctrl-C ends the bench, and the bench ends the program with all that it
  // started.
  const child = spawn(command[0]!, command.slice(1), { cwd, env, detached: true, stdio: ['ignore', output, output] });
  const end = () => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // it ended in between
    }
  };
  signal.addEventListener('abort', end);
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    const seconds = (performance.now() - began) / 1000;
    signal.throwIfAborted();
    return { code, seconds, output: readFileSync(file, 'utf8') };
  } finally {
    signal.removeEventListener('abort', end);
    closeSync(output);
  }
}

/** Runs a program that must succeed. @throws Error with the end of what it said */
export async function mustRun(program: Program): Promise<Ended> {
  const ended = await runProgram(program);
  if (ended.code === 0) return ended;
  const said = ended.output.trim().split('\n').slice(-30).join('\n');
  throw new Error(`${program.command.join(' ')} ended with ${ended.code}:\n${said}`);
}
