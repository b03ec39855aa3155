import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Copy, makeCopies } from './copy.ts';
import { coveringTests, type MeasuredTest } from './covering-tests.ts';
import { type Equivalent, isEquivalent } from './equivalent.ts';
import { measure, recall } from './measure.ts';
import { applyEdit, type Mutation } from './mutation.ts';
import type { Progress } from './progress.ts';
import { isMissed, type Result } from './report.ts';
import { type TestRun, worldOfItsOwn } from './run-test.ts';
import { syntaxProblem } from './syntax.ts';
import { tryMutation } from './try-mutation.ts';
import { createTurns, onPlaces } from './workers.ts';

/** A test file, and what only one at a time of the same name may run. */
export type TestFile = { file: string; alone?: string };

/** What is mutated, and how. */
export type Job = {
  root: string;
  mutations: Mutation[];
  equivalents: Equivalent[];
  tests: TestFile[];
  /** How many test files run at a time. */
  jobs: number;
  /** Seconds of tests for a mutation. */
  most: number;
  /** Measures all tests again. */
  fresh: boolean;
  signal: AbortSignal;
  teller: Teller;
};

/** Who hears how it goes. */
export type Teller = {
  progress: (title: string, count: number) => Progress;
  missed: (result: Result) => void;
  leftOut: (test: string) => void;
};

type Ground = { job: Job; copies: Copy[]; run: Omit<TestRun, 'limit'>; turn: ReturnType<typeof createTurns> };

/** Tries each mutation in a copy of the project. */
export async function mutate(job: Job): Promise<Result[]> {
  const { copies, remove } = makeCopies(job.root, job.jobs);
  try {
    const run = { before: worldOfItsOwn(), signal: job.signal };
    const ground = { job, copies, run, turn: createTurns() };
    return await tryAll(ground, await measureAll(ground));
  } finally {
    remove();
  }
}

/** Mutations of files that are still TypeScript with it. */
export function sound(root: string, mutations: Mutation[]): Mutation[] {
  return mutations.filter(mutation => {
    return syntaxProblem(applyEdit(readFileSync(join(root, mutation.file), 'utf8'), mutation)) === undefined;
  });
}

async function measureAll({ copies, job, run, turn }: Ground): Promise<MeasuredTest[]> {
  const sources = [...new Set(job.mutations.map(({ file }) => file))];
  const known = job.tests.map(({ file }) => ({
    file,
    measured: job.fresh ? undefined : recall(job.root, file, sources),
  }));
  const measured = known.flatMap(({ file, measured }) => (measured ? [{ file, measured }] : []));
  const missing = job.tests.filter(({ file }) => !measured.some(test => test.file === file));
  const progress = job.teller.progress('tests measured', missing.length);
  await onPlaces(missing, copies, async ({ alone, file }, copy) => {
    const once = () => turn(alone, () => measure(copy, file, { ...run, root: job.root }));
    const first = await once();
    // On a machine that is busy a test may come too late.
    const result = first.passed ? first : await once();
    if (result.passed) measured.push({ file, measured: result });
    progress.next();
    if (!result.passed) job.teller.leftOut(file);
  });
  progress.end();
  return measured;
}

async function tryAll({ copies, job, run, turn }: Ground, tests: MeasuredTest[]): Promise<Result[]> {
  const results: Result[] = [];
  const alone = new Map(job.tests.map(test => [test.file, test.alone]));
  const progress = job.teller.progress('mutations', job.mutations.length);
  await onPlaces(job.mutations, copies, async (mutation, copy) => {
    const trial = {
      ...{ tests: coveringTests(tests, mutation), most: job.most, run },
      turn: <R>(file: string, work: () => Promise<R>) => turn(alone.get(file), work),
    };
    const seen = !isEquivalent(mutation, job.equivalents);
    const result = { mutation, verdict: seen ? await tryMutation(copy, mutation, trial) : ('equivalent' as const) };
    results.push(result);
    if (isMissed(result)) job.teller.missed(result);
    progress.next(`, ${results.filter(isMissed).length} missed`);
  });
  progress.end();
  return results;
}
