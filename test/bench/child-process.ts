import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Bench } from './part.ts';

/**
 * Starts a program of this folder as a process of its own, which ends with the bench: its stdin is
 * a pipe, and its end the sign.
 * @param before words that stand before Node's
 * @returns the first line that it prints, as JSON
 */
export async function startBeside<T>(
  bench: Pick<Bench, 'atEnd'>,
  file: string,
  argument: object,
  before: readonly string[] = [],
): Promise<T> {
  const words = [...before, process.execPath, join(import.meta.dirname, file), JSON.stringify(argument)];
  // A group of its own: Ctrl-C comes to the bench, which ends it when it has ended what it
  // measures.
  const child = spawn(words[0]!, words.slice(1), { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const gone = new Promise<void>(resolve => child.once('exit', () => resolve()));
  bench.atEnd(async () => {
    child.stdin.end();
    await gone;
  });
  return JSON.parse(await firstLine(child, file)) as T;
}

async function firstLine(child: ChildProcess, file: string): Promise<string> {
  for await (const line of createInterface(child.stdout!)) return line;
  throw new Error(`${file} did not start`);
}
