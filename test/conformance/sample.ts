import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { Case } from './case.ts';

/** So many of the cases, others for each commit. */
export function chosen(cases: Case[], count: number): Case[] {
  const commit = currentCommit();
  const rank = (given: Case) =>
    createHash('sha256')
      .update(commit + given.it)
      .digest('hex');
  return cases.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, count);
}

function currentCommit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'no commit'; // a copy without git
  }
}
