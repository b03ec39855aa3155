import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunId } from '../journal/run-id.ts';

/** Messages that wait at most; the oldest give way. */
const most = 100;

/**
 * Keeps the message of a run until it is delivered.
 * @throws Error of the file system
 */
export function keepMessage(state: string, run: string, text: string): void {
  mkdirSync(folderIn(state), { recursive: true, mode: 0o700 });
  const file = fileOf(state, run);
  writeFileSync(`${file}.part`, text, { mode: 0o600 });
  renameSync(`${file}.part`, file);
  for (const old of waitingRuns(state).slice(0, -most)) dropMessage(state, old);
}

/** The runs of which a message waits, oldest first. */
export function waitingRuns(state: string): readonly string[] {
  try {
    return readdirSync(folderIn(state))
      .map(name => name.replace(/\.json$/, ''))
      .filter(isRunId)
      .toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The message of a run; undefined where another process has delivered it meanwhile. */
export function keptMessage(state: string, run: string): string | undefined {
  try {
    return readFileSync(fileOf(state, run), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Keeps the message of a run no more. */
export function dropMessage(state: string, run: string): void {
  rmSync(fileOf(state, run), { force: true });
}

function folderIn(state: string): string {
  return join(state, 'undelivered');
}

function fileOf(state: string, run: string): string {
  return join(folderIn(state), `${run}.json`);
}
