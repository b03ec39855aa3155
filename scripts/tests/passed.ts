import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { headCommit } from './changes.ts';

/** So many commits are remembered. */
const kept = 200;

function passedFile(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hostwright', 'ci-passed');
}

/** The commits that have passed CI on this machine, the last {@link kept} of them. */
export function readPassed(): ReadonlySet<string> {
  const file = passedFile();
  return new Set(existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []);
}

/** Remembers that the commit which is checked out has passed. */
export function recordPassed(): void {
  const file = passedFile();
  mkdirSync(dirname(file), { recursive: true });
  const commits = [...readPassed(), headCommit()].slice(-kept);
  writeFileSync(file, `${commits.join('\n')}\n`);
}
