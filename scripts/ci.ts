// What CI runs: the checks, the README's test command, and of the lab what the change concerns. It
// ends with all that failed, and the last line is "N passed, N failed"; a failing check is one of
// the failed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { nearestAncestor } from './tests/changes.ts';
import { readPassed, recordPassed } from './tests/passed.ts';
import { readSeconds, secondsOf } from './tests/seconds.ts';
import { suites } from './tests/suites.ts';
import { failuresIn } from './tests/summary.ts';

/** Minutes for all of it. */
const budget = 40;

/** Minutes after which a command is ended: something in it waits for ever. */
const limit = 60;

/** Minutes that are left alone: for what ends later than it was expected to. */
const reserve = 3;

/** What a command came to; `failures` are lines for the end of it all. */
type Counts = { readonly passed: number; readonly failed: number; readonly failures: readonly string[] };

const start = Date.now();
const check = await run('check', ['run', 'check']);
const quick = await run('npm test', ['test']);
const install = await run('npm test -- install', ['test', '--', 'install']);
const lab = await run('npm run test:lab', [
  'run',
  'test:lab',
  '--',
  '--since',
  since(),
  '--minutes',
  String(minutesLeft()),
]);
const all = [check, quick, install, lab];
const failed = all.reduce((sum, counts) => sum + counts.failed, 0);
const passed = all.reduce((sum, counts) => sum + counts.passed, 0);
if (failed === 0) recordPassed();
const failures = all.flatMap(counts => counts.failures);
if (failures.length > 0) process.stdout.write(`\nWhat failed:\n${failures.join('\n')}\n`);
process.stdout.write(`\nThe whole of it took ${Math.ceil((Date.now() - start) / 60_000)} minutes.\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;

/**
 * Runs npm, shows what it prints, and reads the counts off it. A command that prints none counts as
 * one test.
 */
async function run(what: string, args: readonly string[]): Promise<Counts> {
  const begun = Date.now();
  process.stdout.write(`\n=== ${what}\n`);
  const child = spawn('npm', [...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, CI: 'true' },
    timeout: limit * 60_000,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    process.stdout.write(chunk);
    output += chunk.toString();
  });
  const [code] = await once(child, 'close');
  process.stdout.write(`\n=== ${what}: ${Math.round((Date.now() - begun) / 1000)} s\n`);
  const counts = /(\d+) passed, (\d+) failed\s*$/.exec(output.slice(-1000));
  const found = { passed: Number(counts?.[1] ?? 0), failed: Number(counts?.[2] ?? 0), failures: failuresIn(output) };
  if (code === 0) return counts ? found : { ...found, passed: 1 };
  if (found.failures.length > 0) return found;
  const ended = code === null ? `was ended after ${limit} minutes` : `ended with exit code ${code}`;
  return { ...found, failed: Math.max(1, found.failed), failures: [`  ${what} ${ended}`] };
}

/** The nearest commit that has passed on this machine: what has changed since is not proven yet. */
function since(): string {
  return process.env.CI_SINCE || nearestAncestor(readPassed()) || 'unknown';
}

/** Minutes of a machine as fast as the one that test/seconds.json was measured on. */
function minutesLeft(): number {
  const elapsed = (Date.now() - start) / 60_000;
  const files = suites.filter(({ name }) => name !== 'lab').flatMap(suite => suite.files());
  const expected = secondsOf(files, readSeconds()) / 60 / 2;
  const slowness = Math.max(1, elapsed / expected);
  return Math.max(0, Math.floor((budget - reserve - elapsed) / slowness));
}
