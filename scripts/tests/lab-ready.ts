import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Suite } from './suites.ts';

/**
 * Builds and boots the machines that these suites of the lab start from, while other suites run. A
 * failure shows again in the suite itself, with its reason.
 */
export function prepareLab(suites: readonly Suite[], signal: AbortSignal): ReadonlyMap<Suite, Promise<void>> {
  let before = Promise.resolve();
  const ready = new Map<Suite, Promise<void>>();
  for (const suite of suites.filter(({ shapes }) => shapes)) {
    const earlier = before;
    before = earlier.then(() => buildLab(suite.shapes ?? [], signal));
    ready.set(suite, before);
  }
  return ready;
}

async function buildLab(shapes: readonly string[], signal: AbortSignal): Promise<void> {
  const args = ['test/lab/cli.ts', 'build', ...shapes.flatMap(shape => ['--shape', shape])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], signal });
  await once(child, 'exit').catch(() => undefined);
}
