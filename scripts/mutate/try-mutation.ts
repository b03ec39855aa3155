import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Copy } from './copy.ts';
import type { MeasuredTest } from './covering-tests.ts';
import { applyEdit, type Mutation } from './mutation.ts';
import { runTest, type TestRun } from './run-test.ts';

/**
 * What came of a mutation: which tests ran, of how many that execute its place, and which one
 * noticed.
 */
export type Verdict = { ran: string[]; of: number; noticedBy?: string };

/**
 * How a mutation is tried. `most` is a limit in seconds for all its tests together; `turn` runs
 * what may run only once at a time.
 */
export type Trial = {
  tests: MeasuredTest[];
  most: number;
  run: Omit<TestRun, 'limit'>;
  turn: <R>(file: string, work: () => Promise<R>) => Promise<R>;
};

/** Runs the tests against a mutation, until one fails. */
export async function tryMutation(copy: Copy, mutation: Mutation, trial: Trial): Promise<Verdict> {
  const path = join(copy.project, mutation.file);
  const text = readFileSync(path, 'utf8');
  const verdict: Verdict = { ran: [], of: trial.tests.length };
  let left = trial.most;
  writeFileSync(path, applyEdit(text, mutation));
  try {
    for (const { file, measured } of trial.tests) {
      if (left <= 0) return verdict;
      const limit = 3 * measured.seconds + 20;
      const { outcome, seconds } = await trial.turn(file, () => runTest(copy, file, { ...trial.run, limit }));
      verdict.ran.push(file);
      left -= seconds;
      if (outcome !== 'passed') return { ...verdict, noticedBy: file };
    }
    return verdict;
  } finally {
    writeFileSync(path, text);
  }
}
