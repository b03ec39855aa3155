// npm test [-- SUITE… [--grep PATTERN]]: runs the suites one after the other and counts over all of them.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePackages } from './packages.ts';
import { packagesFor, type Suite, suites } from './suites.ts';

const help = `npm test                          all suites
npm test -- SUITE… [--grep TEXT]  some of them: ${suites.map(({ name }) => name).join(', ')}

With CI=true a suite that cannot run is a failure.
`;

type Count = { passed: number; failed: number; skipped: number };

process.exitCode = main();

function main(): number {
  const options = { grep: { type: 'string', short: 'g' }, help: { type: 'boolean', short: 'h' } } as const;
  const { positionals, values } = parseArgs({ options, allowPositionals: true });
  const unknown = positionals.find(name => !suites.some(suite => suite.name === name));
  if (values.help || unknown) {
    process.stderr.write(unknown ? `There is no suite "${unknown}".\n${help}` : help);
    return unknown ? 5 : 0;
  }
  const chosen = suites.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const present = chosen.filter(suite => suite.files().length > 0);
  const { advice, missing } = ensurePackages(packagesFor(present));
  if (advice) process.stderr.write(`Missing Debian packages: ${missing.join(' ')}\n  ${advice}\n`);

  // A failure shows again in the suite itself, with its reason.
  for (const { prepare } of present.slice(1).filter(suite => suite.prepare && !suite.obstacle()))
    spawn(process.execPath, prepare!, { stdio: 'ignore' });
  const total: Count = { passed: 0, failed: 0, skipped: 0 };
  const lines: string[] = [];
  for (const suite of present) {
    const { count, line } = runSuite(suite, values.grep);
    total.passed += count.passed;
    total.failed += count.failed;
    lines.push(line);
  }
  process.stdout.write(`\n${lines.join('\n')}\n${total.passed} passed, ${total.failed} failed\n`);
  return total.failed > 0 ? 1 : 0;
}

function runSuite(suite: Suite, grep: string | undefined): { count: Count; line: string } {
  const name = suite.name.padEnd(11);
  const why = suite.obstacle();
  if (why) {
    const failed = process.env.CI === 'true' ? 1 : 0;
    return { count: { passed: 0, failed, skipped: 0 }, line: `${name} ${failed ? 'FAILED' : 'skipped'}: ${why}` };
  }
  process.stdout.write(`\n== ${suite.name}\n`);
  const start = Date.now();
  const count = mocha(suite, grep);
  const seconds = Math.round((Date.now() - start) / 1000);
  const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
  return { count, line: `${name} ${count.passed} passed, ${count.failed} failed${skipped} (${seconds} s)` };
}

/** Runs mocha, which shows its results as they come, and reads the counts from a report beside. */
function mocha({ files, jobs = 1 }: Suite, grep: string | undefined): Count {
  const directory = mkdtempSync(join(tmpdir(), 'hw-test-'));
  const report = join(directory, 'counts.json');
  const reporter = ['--reporter', 'scripts/count-reporter.mjs', '--reporter-option', `output=${report}`];
  const pattern = grep === undefined ? [] : ['--grep', grep];
  const parallel = jobs > 1 ? ['--parallel', '--jobs', String(jobs)] : [];
  const arguments_ = ['node_modules/mocha/bin/mocha.js', ...reporter, ...pattern, ...parallel, ...files()];
  const { status } = spawnSync(process.execPath, arguments_, { stdio: 'inherit' });
  try {
    const count = JSON.parse(readFileSync(report, 'utf8')) as Count;
    // A failure that mocha could not count, e.g. a hook outside a suite or a process that was killed.
    return status !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }; // it did not get as far as counting: a file that does not load
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
