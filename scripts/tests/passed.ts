import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { cached } from './cache.ts';
import { headCommit } from './changes.ts';

/** So many commits are remembered. */
const kept = 200;

/** The commits that have passed CI on this machine, the last {@link kept} of them. */
export function readPassed(): ReadonlySet<string> {
  const file = cached('ci-passed');
  return new Set(existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []);
}

/** Remembers that the commit which is checked out has passed. */
export function recordPassed(): void {
  const file = cached('ci-passed');
  mkdirSync(dirname(file), { recursive: true });
  const commits = [...readPassed(), headCommit()].slice(-kept);
  writeFileSync(file, `${commits.join('\n')}\n`);
}
