import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Copy } from './copy.ts';
import { type Executed, readCoverage } from './coverage.ts';
import { runTest, type TestRun } from './run-test.ts';

/** What a test file did when nothing was changed. */
export type Measured = {
  /** The hash of the file. */
  test: string;
  passed: boolean;
  seconds: number;
  /** What it executed of each source file, and that file's hash. */
  sources: Record<string, Executed & { hash: string }>;
};

/** Seconds after which a test file without any change counts as failed. */
const limit = 1200;

/** What is known of a test file, if it is still true for these sources. */
export function recall(root: string, test: string, sources: string[]): Measured | undefined {
  const path = cacheFile(root, test);
  if (!existsSync(path)) return undefined;
  const known = JSON.parse(readFileSync(path, 'utf8')) as Measured;
  const stale = sources.some(file => known.sources[file] && known.sources[file].hash !== hashOf(join(root, file)));
  return stale || !known.passed || known.test !== hashOf(join(root, test)) ? undefined : known;
}

/** Runs a test file as it is, and remembers what it executed. */
export async function measure(
  copy: Copy,
  test: string,
  run: { root: string } & Omit<TestRun, 'limit'>,
): Promise<Measured> {
  const coverage = `${copy.project}-coverage`;
  mkdirSync(coverage);
  try {
    const { outcome, seconds } = await runTest(copy, test, { ...run, limit, coverage });
    const executed = [...readCoverage(coverage, copy.project)];
    const measured = {
      ...{ test: hashOf(join(run.root, test)), passed: outcome === 'passed', seconds },
      sources: Object.fromEntries(
        executed.map(([file, ranges]) => [file, { ...ranges, hash: hashOf(join(run.root, file)) }]),
      ),
    };
    mkdirSync(cacheFolder(run.root), { recursive: true });
    writeFileSync(cacheFile(run.root, test), JSON.stringify(measured));
    return measured;
  } finally {
    rmSync(coverage, { recursive: true, force: true });
  }
}

function cacheFolder(root: string): string {
  return join(root, 'node_modules/.cache/hostwright-mutate');
}

function cacheFile(root: string, test: string): string {
  return join(cacheFolder(root), `${test.replaceAll('/', '.')}.json`);
}

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);
}
